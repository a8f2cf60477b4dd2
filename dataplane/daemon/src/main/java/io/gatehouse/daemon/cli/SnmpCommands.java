// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.Passphrase;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.control.SnmpUsers;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code gatehouse snmp}: who may ask by SNMPv3. */
@Command(
    name = SnmpCommands.NAME,
    description = "Says who may ask by SNMPv3.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class SnmpCommands {
  static final String NAME = "snmp";

  /** {@code gatehouse snmp user}. */
  @Command(
      name = "user",
      description = "The users of SNMPv3 (SHA-256, AES-128).",
      synopsisSubcommandLabel = "COMMAND",
      mixinStandardHelpOptions = true)
  static final class UserCommands {
    private final Commands commands;

    UserCommands(Commands commands) {
      this.commands = commands;
    }

    @Command(
        description = {
          "Adds or replaces a user.",
          "Asks for the passphrases, or reads them as two lines from standard input."
        },
        mixinStandardHelpOptions = true)
    int add(@Parameters(paramLabel = "NAME") String name) throws Exception {
      // Connect first: nobody likes to type two passphrases for nothing.
      try (ControlClient client = commands.dataPlane()) {
        List<Passphrase> passphrases = passphrases();
        show(
            client.addSnmpUser(new SnmpUserAddition(name, passphrases.get(0), passphrases.get(1))));
        passphrases.forEach(Passphrase::wipe);
      }
      return 0;
    }

    @Command(description = "Removes a user.", mixinStandardHelpOptions = true)
    int remove(@Parameters(paramLabel = "NAME") String name) throws Exception {
      try (ControlClient client = commands.dataPlane()) {
        show(client.removeSnmpUser(name));
      }
      return 0;
    }

    @Command(description = "Lists the users.", mixinStandardHelpOptions = true)
    int list() throws Exception {
      try (ControlClient client = commands.dataPlane()) {
        show(client.snmpUsers());
      }
      return 0;
    }

    private void show(SnmpUsers users) {
      users.names().forEach(commands.streams().out()::println);
      commands
          .streams()
          .out()
          .println(
              users.address().isEmpty()
                  ? "SNMP is off: it has no user."
                  : "SNMP answers on " + users.address() + ".");
    }

    /** Authentication and privacy passphrase, never from arguments or environment. */
    // Whether there is always a console depends on the VM's words and version.
    @SuppressWarnings("SystemConsoleNull")
    private List<Passphrase> passphrases() throws IOException, Failure {
      List<Passphrase> passphrases = new ArrayList<>();
      Console console = System.console();
      if (console != null && console.isTerminal()) {
        for (String name : List.of("Authentication", "Privacy")) {
          char[] first = console.readPassword("%s passphrase: ", name);
          char[] second = console.readPassword("%s passphrase again: ", name);
          if (first == null || second == null || !Arrays.equals(first, second)) {
            throw new Failure("The two passphrases differ", "Type the same one twice.");
          }
          passphrases.add(Passphrase.of(first));
          Arrays.fill(first, '\0');
          Arrays.fill(second, '\0');
        }
        return passphrases;
      }
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(commands.streams().in(), Charset.defaultCharset()));
      for (int i = 0; i < 2; i++) {
        String line = lines.readLine();
        if (line == null) {
          throw new Failure(
              "A passphrase is missing",
              "Give two lines on standard input: authentication and privacy passphrase.");
        }
        passphrases.add(Passphrase.of(line.toCharArray()));
      }
      return passphrases;
    }
  }
}
