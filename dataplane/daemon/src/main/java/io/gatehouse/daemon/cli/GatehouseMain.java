// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.Passphrase;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.control.SnmpUsers;
import io.gatehouse.daemon.SettingsException;
import io.gatehouse.daemon.SettingsSource;
import io.gatehouse.daemon.Version;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The command {@code gatehouse}. */
public final class GatehouseMain {
  private static final String USAGE =
      """
      gatehouse status [--json]         tunnels and peers now
      gatehouse check FILE...           say what is wrong with wg-quick files
      gatehouse snmp user add NAME      add or replace an SNMPv3 user (SHA-256, AES-128); asks for the
                                        passphrases, or reads them as two lines from standard input
      gatehouse snmp user remove NAME
      gatehouse snmp user list
      gatehouse --version | --help

      --socket FILE   before the command: the control socket, instead of gatehouse.control.socket
      """;

  private final PrintStream out;

  private GatehouseMain(PrintStream out) {
    this.out = out;
  }

  /** Runs one command; exit status 0 is success, 1 a failure that was told, 2 wrong words. */
  public static void main(String[] words) {
    System.exit(run(List.of(words), System.out, System.err));
  }

  static int run(List<String> words, PrintStream out, PrintStream err) {
    try {
      return new GatehouseMain(out).command(words) ? 0 : 1;
    } catch (UsageException e) {
      err.println("gatehouse: " + e.getMessage());
      err.print(USAGE);
      return 2;
    } catch (ControlException e) {
      err.println("gatehouse: " + e.message());
      for (FindingStatus finding : e.findings()) {
        err.println("  " + finding.text());
      }
      return 1;
    } catch (IOException | SettingsException e) {
      err.println("gatehouse: " + e.getMessage());
      return 1;
    }
  }

  private boolean command(List<String> words)
      throws UsageException, ControlException, IOException, SettingsException {
    Map<String, String> flags = Map.of();
    List<String> rest = words;
    if (rest.size() >= 2 && rest.getFirst().equals("--socket")) {
      flags = Map.of("gatehouse.control.socket", Path.of(rest.get(1)).toAbsolutePath().toString());
      rest = rest.subList(2, rest.size());
    }
    if (rest.isEmpty()) {
      throw new UsageException("a command is missing");
    }
    List<String> arguments = rest.subList(1, rest.size());
    switch (rest.getFirst()) {
      case "--help", "-h", "help" -> out.print(USAGE);
      case "--version" -> out.println("gatehouse " + Version.text());
      case "check" -> {
        if (arguments.isEmpty()) {
          throw new UsageException("check needs a file");
        }
        return FileCheck.check(arguments, out);
      }
      case "status" -> {
        if (!arguments.isEmpty() && !arguments.equals(List.of("--json"))) {
          throw new UsageException("status knows only --json");
        }
        try (ControlClient client = connect(flags)) {
          out.print(
              arguments.isEmpty()
                  ? StatusTable.format(client.status())
                  : RecordCodec.write(client.status()) + "\n");
        }
      }
      case "snmp" -> snmp(arguments, flags);
      default -> throw new UsageException("unknown command \"" + rest.getFirst() + "\"");
    }
    return true;
  }

  private void snmp(List<String> arguments, Map<String, String> flags)
      throws UsageException, ControlException, IOException, SettingsException {
    if (arguments.size() < 2 || !arguments.getFirst().equals("user")) {
      throw new UsageException("snmp knows only user add NAME, user remove NAME and user list");
    }
    List<String> action = arguments.subList(1, arguments.size());
    if (action.equals(List.of("list"))) {
      try (ControlClient client = connect(flags)) {
        show(client.snmpUsers());
      }
    } else if (action.size() == 2 && action.getFirst().equals("remove")) {
      try (ControlClient client = connect(flags)) {
        show(client.removeSnmpUser(action.get(1)));
      }
    } else if (action.size() == 2 && action.getFirst().equals("add")) {
      // Connect first: nobody likes to type two passphrases for nothing.
      try (ControlClient client = connect(flags)) {
        List<Passphrase> passphrases = passphrases();
        show(
            client.addSnmpUser(
                new SnmpUserAddition(action.get(1), passphrases.get(0), passphrases.get(1))));
        passphrases.forEach(Passphrase::wipe);
      }
    } else {
      throw new UsageException("snmp user knows add NAME, remove NAME and list");
    }
  }

  private void show(SnmpUsers users) {
    users.names().forEach(out::println);
    out.println(
        users.address().isEmpty()
            ? "SNMP is off: it has no user."
            : "SNMP answers on " + users.address() + ".");
  }

  private static ControlClient connect(Map<String, String> flags)
      throws IOException, SettingsException {
    return ControlClient.connect(SettingsSource.open(flags).settings().controlSocket());
  }

  /** Authentication and privacy passphrase, never from arguments or environment. */
  // Whether there is always a console depends on the VM's words and version.
  @SuppressWarnings("SystemConsoleNull")
  private static List<Passphrase> passphrases() throws IOException, UsageException {
    List<Passphrase> passphrases = new ArrayList<>();
    Console console = System.console();
    if (console != null && console.isTerminal()) {
      for (String name : List.of("Authentication", "Privacy")) {
        char[] first = console.readPassword("%s passphrase: ", name);
        char[] second = console.readPassword("%s passphrase again: ", name);
        if (first == null || second == null || !Arrays.equals(first, second)) {
          throw new UsageException("the two passphrases differ");
        }
        passphrases.add(Passphrase.of(first));
        Arrays.fill(first, '\0');
        Arrays.fill(second, '\0');
      }
      return passphrases;
    }
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    for (int i = 0; i < 2; i++) {
      String line = lines.readLine();
      if (line == null) {
        throw new UsageException(
            "standard input must have two lines: authentication and privacy passphrase");
      }
      passphrases.add(Passphrase.of(line.toCharArray()));
    }
    return passphrases;
  }
}
