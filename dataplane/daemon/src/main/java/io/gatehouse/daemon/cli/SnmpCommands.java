// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.Passphrase;
import io.gatehouse.control.SnmpInformUser;
import io.gatehouse.control.SnmpTarget;
import io.gatehouse.control.SnmpTargetAddition;
import io.gatehouse.control.SnmpTargets;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.control.SnmpUsers;
import io.gatehouse.daemon.snmp.SnmpOptions;
import io.gatehouse.daemon.snmp.StationFiles;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse snmp}: who may ask by SNMPv3, and where notifications go. */
@Command(
    name = SnmpCommands.NAME,
    description = "Says who may ask by SNMPv3, and where notifications go.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class SnmpCommands {
  static final String NAME = "snmp";

  /** Names of what protects a user's messages. */
  static final class Protection {
    @Option(
        names = "--auth",
        paramLabel = "PROTOCOL",
        defaultValue = "SHA-256",
        description = "SHA-256, SHA-384 or SHA-512 (default: ${DEFAULT-VALUE}).")
    String auth = "";

    @Option(
        names = "--priv",
        paramLabel = "PROTOCOL",
        defaultValue = "AES-128",
        description = "AES-128 or AES-256 (default: ${DEFAULT-VALUE}).")
    String priv = "";
  }

  /** {@code gatehouse snmp user}. */
  @Command(
      name = "user",
      description = "The users of SNMPv3.",
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
    int add(@Parameters(paramLabel = "NAME") String name, @Mixin Protection protection)
        throws Exception {
      // Connect first: nobody likes to type two passphrases for nothing.
      try (ControlClient client = commands.dataPlane()) {
        List<Passphrase> passphrases = passphrases(commands.streams());
        show(
            client.addSnmpUser(
                new SnmpUserAddition(
                    name,
                    passphrases.get(0),
                    passphrases.get(1),
                    Optional.of(protection.auth),
                    Optional.of(protection.priv))));
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
  }

  /** {@code gatehouse snmp target}. */
  @Command(
      name = "target",
      description = "Where notifications go.",
      synopsisSubcommandLabel = "COMMAND",
      mixinStandardHelpOptions = true)
  static final class TargetCommands {
    private final Commands commands;

    TargetCommands(Commands commands) {
      this.commands = commands;
    }

    @Command(
        description = {
          "Sends notifications there as well: traps with the keys of one of our users,",
          "or with --inform such as the receiver acknowledges, with the keys of one of its users.",
          "Then asks for the passphrases, or reads them as two lines from standard input."
        },
        mixinStandardHelpOptions = true)
    int add(
        @Parameters(paramLabel = "ADDRESS:PORT") String address,
        @Option(names = "--user", required = true, paramLabel = "NAME") String user,
        @Option(names = "--inform") boolean inform,
        @Mixin Protection protection)
        throws Exception {
      try (ControlClient client = commands.dataPlane()) {
        Optional<SnmpInformUser> receiver = Optional.empty();
        if (inform) {
          List<Passphrase> passphrases = passphrases(commands.streams());
          receiver =
              Optional.of(
                  new SnmpInformUser(
                      protection.auth, protection.priv, passphrases.get(0), passphrases.get(1)));
        }
        show(commands, client.addSnmpTarget(new SnmpTargetAddition(address, user, receiver)));
        receiver.ifPresent(
            said -> {
              said.authPassphrase().wipe();
              said.privPassphrase().wipe();
            });
      }
      return 0;
    }

    @Command(description = "Sends nothing there any more.", mixinStandardHelpOptions = true)
    int remove(@Parameters(paramLabel = "ADDRESS:PORT") String address) throws Exception {
      try (ControlClient client = commands.dataPlane()) {
        show(commands, client.removeSnmpTarget(address));
      }
      return 0;
    }

    @Command(description = "Lists the targets.", mixinStandardHelpOptions = true)
    int list() throws Exception {
      try (ControlClient client = commands.dataPlane()) {
        show(commands, client.snmpTargets());
      }
      return 0;
    }
  }

  /** {@code gatehouse snmp trap}. */
  @Command(
      name = "trap",
      description = "Notifications.",
      synopsisSubcommandLabel = "COMMAND",
      mixinStandardHelpOptions = true)
  static final class TrapCommands {
    private final Commands commands;

    TrapCommands(Commands commands) {
      this.commands = commands;
    }

    @Command(
        description = "Sends the notification wgGwTest to all targets.",
        mixinStandardHelpOptions = true)
    int test(
        @Parameters(paramLabel = "TEXT", arity = "0..1", defaultValue = "A test of Gatehouse.")
            String text)
        throws Exception {
      try (ControlClient client = commands.dataPlane()) {
        show(commands, client.testSnmpTargets(text));
      }
      return 0;
    }
  }

  /** {@code gatehouse snmp file}. */
  @Command(
      name = "file",
      description = {
        "Prints the MIB or another file for monitoring stations, for the root of the settings.",
        "Names them all when none is named."
      },
      mixinStandardHelpOptions = true)
  static final class FileCommand implements Callable<Integer> {
    private final Commands commands;

    @Parameters(paramLabel = "NAME", arity = "0..1", defaultValue = "", description = "Which.")
    private String name = "";

    @Option(
        names = "--root",
        paramLabel = "OID",
        defaultValue = "",
        description = "Another root than that of the settings.")
    private String root = "";

    FileCommand(Commands commands) {
      this.commands = commands;
    }

    @Override
    public Integer call() throws Exception {
      if (name.isEmpty()) {
        StationFiles.NAMES.forEach(commands.streams().out()::println);
        return 0;
      }
      String at;
      try {
        at = root.isEmpty() ? Commands.settings().snmpRoot() : SnmpOptions.checkRoot(root);
      } catch (IllegalArgumentException e) {
        throw new Failure(
            "\"" + root + "\" cannot be the root: " + e.getMessage(),
            "Give numbers below 1.3.6.1.4.1, such as 1.3.6.1.4.1.99999.1.");
      }
      commands.streams().out().print(StationFiles.text(name, at));
      return 0;
    }
  }

  private static void show(Commands commands, SnmpTargets targets) {
    for (SnmpTarget target : targets.targets()) {
      commands
          .streams()
          .out()
          .println(
              (target.inform() ? "inform " : "trap ") + target.address() + " " + target.user());
    }
    if (targets.targets().isEmpty()) {
      commands.streams().out().println("Notifications go nowhere.");
    }
  }

  /** Authentication and privacy passphrase, never from arguments or environment. */
  // Whether there is always a console depends on the VM's words and version.
  @SuppressWarnings("SystemConsoleNull")
  private static List<Passphrase> passphrases(Streams streams) throws IOException, Failure {
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
        new BufferedReader(new InputStreamReader(streams.in(), Charset.defaultCharset()));
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
