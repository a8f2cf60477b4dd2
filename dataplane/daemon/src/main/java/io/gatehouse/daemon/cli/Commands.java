// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.Approval;
import io.gatehouse.control.Approved;
import io.gatehouse.control.ControlClient;
import io.gatehouse.control.FileExport;
import io.gatehouse.control.FileExported;
import io.gatehouse.control.PacketExplanation;
import io.gatehouse.control.PacketQuestion;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.daemon.Settings;
import io.gatehouse.daemon.SettingsSource;
import io.gatehouse.daemon.Version;
import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Every command of {@code gatehouse} with its arguments; each is carried out elsewhere. */
@Command(
    name = "gatehouse",
    mixinStandardHelpOptions = true,
    addMethodSubcommands = false,
    versionProvider = Commands.BuildVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    subcommands = HelpCommand.class,
    description = "WireGuard tunnels of this machine. Without a command it is show.")
final class Commands implements Callable<Integer> {
  private static final String WORD =
      "A name in the directory of tunnels or in /etc/wireguard, or the path of NAME.conf.";

  private final Streams streams;

  @Option(
      names = "--socket",
      paramLabel = "FILE",
      description = "Control socket of the data plane, instead of gatehouse.control.socket.")
  private @Nullable Path socket;

  /** What {@code check} does beyond looking. */
  static final class FixOptions {
    @Option(
        names = "--fix",
        required = true,
        description = "Mend what can be mended, except for notes; then look again.")
    boolean fix;

    @Option(names = "--dry-run", description = "Only show what --fix would change.")
    boolean dryRun;

    @Option(
        names = "--code",
        paramLabel = "CODE",
        description = "Mend only what has this code, notes as well; may be repeated.")
    List<String> codes = List.of();
  }

  @Option(names = "--hand-over", hidden = true, description = "For the starting script only.")
  private boolean handOver;

  Commands(Streams streams) {
    this.streams = streams;
  }

  /** {@code --version}. */
  static final class BuildVersion implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"gatehouse " + Version.text()};
    }
  }

  @Override
  public Integer call() throws Exception {
    return show(null);
  }

  @Command(
      description = "Shows interfaces as wg(8) does.",
      mixinStandardHelpOptions = true,
      customSynopsis =
          "gatehouse show { <interface> | all | interfaces } [public-key | private-key |"
              + " listen-port | fwmark | peers | preshared-keys | endpoints | allowed-ips |"
              + " latest-handshakes | transfer | persistent-keepalive | dump]")
  int show(@Parameters(arity = "0..2", hidden = true) String @Nullable [] words) throws Exception {
    return new Show(interfaces(), streams).run(words == null ? List.of() : List.of(words));
  }

  @Command(
      description = "Changes an interface and its peers.",
      mixinStandardHelpOptions = true,
      customSynopsis =
          "gatehouse set <interface> [listen-port <port>] [fwmark <mark>] [private-key <file path>]"
              + " [peer <base64 public key> [remove] [preshared-key <file path>]"
              + " [endpoint <ip>:<port>] [persistent-keepalive <interval seconds>]"
              + " [allowed-ips [+|-]<ip1>/<cidr1>[,[+|-]<ip2>/<cidr2>]...] ]...")
  int set(@Parameters(arity = "2..*", hidden = true) String[] words) throws Exception {
    return new Change(interfaces(), streams).set(words[0], List.of(words).subList(1, words.length));
  }

  @Command(
      description = "Shows an interface as a configuration file of wg(8), keys in clear.",
      mixinStandardHelpOptions = true)
  int showconf(@Parameters(paramLabel = "INTERFACE") String name) throws Exception {
    return new Show(interfaces(), streams).showconf(name);
  }

  @Command(
      description = "Makes an interface what a configuration file of wg(8) says.",
      mixinStandardHelpOptions = true)
  int setconf(
      @Parameters(paramLabel = "INTERFACE") String name,
      @Parameters(paramLabel = "FILE") String file)
      throws Exception {
    return new Change(interfaces(), streams).setconf(name, file);
  }

  @Command(
      description = "Adds what a configuration file of wg(8) says.",
      mixinStandardHelpOptions = true)
  int addconf(
      @Parameters(paramLabel = "INTERFACE") String name,
      @Parameters(paramLabel = "FILE") String file)
      throws Exception {
    return new Change(interfaces(), streams).addconf(name, file);
  }

  @Command(
      description = "As setconf, but peers that are the same notice nothing.",
      mixinStandardHelpOptions = true)
  int syncconf(
      @Parameters(paramLabel = "INTERFACE") String name,
      @Parameters(paramLabel = "FILE") String file)
      throws Exception {
    return new Change(interfaces(), streams).syncconf(name, file);
  }

  @Command(
      description = {
        "Brings a tunnel up.",
        "A file of the data plane's directory is the data plane's; any other one gets a process of"
            + " its own, as with wg-quick(8)."
      },
      mixinStandardHelpOptions = true)
  int up(@Parameters(paramLabel = "NAME|FILE", description = WORD) String word) throws Exception {
    Optional<Path> file = new UpDown(this, settings()).up(word);
    if (file.isPresent() && !handOver) {
      throw new Failure(
          "gatehouse: " + file.get() + " needs a process of its own",
          "Call the program install/bin/gatehouse, which starts it.");
    }
    file.ifPresent(streams.out()::println);
    return 0;
  }

  @Command(
      description = "Takes a tunnel down that up or the data plane brought up.",
      mixinStandardHelpOptions = true)
  int down(@Parameters(paramLabel = "NAME|FILE", description = WORD) String word) throws Exception {
    return new UpDown(this, settings()).down(word);
  }

  @Command(
      description = "Writes a running tunnel's state into its file.",
      mixinStandardHelpOptions = true)
  int save(@Parameters(paramLabel = "NAME|FILE", description = WORD) String word) throws Exception {
    return new UpDown(this, settings()).save(word);
  }

  @Command(
      description = "Writes a wg-quick file without what wg(8) does not know.",
      mixinStandardHelpOptions = true)
  int strip(@Parameters(paramLabel = "NAME|FILE", description = WORD) String word)
      throws Exception {
    TunnelFile file = TunnelFile.find(word, settings().tunnelsDirectory());
    file.warnIfOpen(streams.err());
    streams.out().writeBytes(file.read().strip());
    return 0;
  }

  @Command(description = "Makes a private key.", mixinStandardHelpOptions = true)
  int genkey() throws Exception {
    return KeyMaker.privateKey(streams);
  }

  @Command(description = "Makes a preshared key.", mixinStandardHelpOptions = true)
  int genpsk() throws Exception {
    return KeyMaker.presharedKey(streams);
  }

  @Command(
      description = "Reads a private key and writes its public key.",
      mixinStandardHelpOptions = true)
  int pubkey() throws Exception {
    return KeyMaker.publicKey(streams);
  }

  @Command(
      description = {
        "Says what is wrong with wg-quick files.",
        "Also what would go wrong between them, with the tunnels that are there, and on this"
            + " machine."
      },
      mixinStandardHelpOptions = true)
  int check(
      @Option(names = "--json", description = "Findings as JSON.") boolean json,
      @Option(
              names = "--no-host",
              description = "Look at the files alone, not at the machine this runs on.")
          boolean filesOnly,
      @ArgGroup(exclusive = false) @Nullable FixOptions fix,
      @Parameters(arity = "1..*", paramLabel = "FILE", description = "wg-quick files.")
          List<String> files)
      throws SettingsException, Failure {
    Optional<FileCheck.Host> host = filesOnly ? Optional.empty() : Optional.of(host());
    if (fix != null) {
      new FileFix(json ? streams.err() : streams.out())
          .fix(FileCheck.findings(files, host), fix.codes, fix.dryRun);
      if (fix.dryRun) {
        return 0;
      }
    }
    return FileCheck.check(files, json, streams.out(), host) ? 0 : 1;
  }

  @Command(
      description = {
        "Says what would be done so that tunnels are what their files say, and does nothing.",
        "Without files: for the tunnel directory as it is. Else: if these were put into it."
      },
      mixinStandardHelpOptions = true)
  int plan(
      @Option(names = "--json", description = "The plan as JSON.") boolean json,
      @Parameters(
              arity = "0..*",
              paramLabel = "FILE|DIR",
              description = "wg-quick files, or directories of them.")
          @Nullable List<String> words)
      throws Exception {
    return PlanCommand.run(this, words == null ? List.of() : words, json);
  }

  @Command(
      description = {
        "Lets files be applied that wait for approval, or that the checks hold back.",
        "They are taken as they are now; without a TUNNEL all of them."
      },
      mixinStandardHelpOptions = true)
  int approve(
      @Mixin JsonOption json,
      @Parameters(paramLabel = "TUNNEL", arity = "0..*", description = "Names of tunnels.")
          List<String> tunnels)
      throws Exception {
    try (ControlClient client = dataPlane()) {
      Approved approved =
          client.approve(new Approval(tunnels == null ? List.of() : List.copyOf(tunnels)));
      if (json.given()) {
        streams.out().println(RecordCodec.write(approved));
      } else {
        streams.out().println("Approved: " + String.join(", ", approved.files()));
        approved.findings().forEach(finding -> streams.out().println("  " + finding.text()));
      }
    }
    return 0;
  }

  @Command(
      description = {
        "Writes a file of the data plane's directory as it is, keys in clear.",
        "For root and the data plane's own user, unless gatehouse.control.export allows others. The"
            + " data plane writes each call down."
      },
      mixinStandardHelpOptions = true)
  int export(
      @Option(
              names = {"-m", "--message"},
              paramLabel = "TEXT",
              defaultValue = "",
              description = "Why, for the record.")
          String message,
      @Parameters(paramLabel = "NAME", description = "A tunnel, or its file.") String name)
      throws Exception {
    String file = name.endsWith(InterfaceName.SUFFIX) ? name : name + InterfaceName.SUFFIX;
    try (ControlClient client = dataPlane()) {
      FileExported exported =
          client.exportFile(new FileExport(file, Optional.of(Who.because(this, message))));
      streams.out().writeBytes(exported.text().getBytes(Charset.forName(exported.encoding())));
    }
    return 0;
  }

  @Command(description = "Tells what the data plane runs.", mixinStandardHelpOptions = true)
  int status(@Option(names = "--json", description = "Everything, as JSON.") boolean json)
      throws Exception {
    try (ControlClient client = dataPlane()) {
      streams
          .out()
          .print(
              json
                  ? RecordCodec.write(client.status()) + "\n"
                  : StatusTable.format(client.status()));
    }
    return 0;
  }

  @Command(
      description = "Says which tunnel, route and peer would carry a packet, and why.",
      mixinStandardHelpOptions = true)
  int explain(
      @Mixin JsonOption json,
      @Parameters(paramLabel = "SRC", description = "Source address.") String source,
      @Parameters(paramLabel = "DST", description = "Destination address.") String destination)
      throws Exception {
    try (ControlClient client = dataPlane()) {
      PacketExplanation answer = client.explain(new PacketQuestion(source, destination));
      if (json.given()) {
        streams.out().println(RecordCodec.write(answer));
      } else {
        answer.steps().forEach(streams.out()::println);
      }
    }
    return 0;
  }

  @Command(
      description = "Writes a completion script: source <(gatehouse completion bash)",
      mixinStandardHelpOptions = true)
  int completion(@Parameters(paramLabel = "SHELL", description = "bash") String shell)
      throws Failure {
    if (!shell.equals("bash")) {
      throw new Failure("No completion for the shell `" + shell + "'", "Give bash.");
    }
    streams.out().print(Completion.bash(GatehouseMain.commandLine(List.of(), streams)));
    return 0;
  }

  /** The running data plane. */
  ControlClient dataPlane() throws IOException, SettingsException {
    return ControlClient.connect(controlSocket());
  }

  /** Where that is, if it runs. */
  Path controlSocket() throws SettingsException {
    return socket != null ? socket : settings().controlSocket();
  }

  Streams streams() {
    return streams;
  }

  private FileCheck.Host host() throws SettingsException {
    Settings settings = settings();
    return new FileCheck.Host(
        new ThisMachine(new WgInterfaces(settings.uapiDirectory()), settings.hooks(), streams),
        settings.tunnelsDirectory());
  }

  private WgInterfaces interfaces() throws SettingsException {
    return new WgInterfaces(settings().uapiDirectory());
  }

  static Settings settings() throws SettingsException {
    return SettingsSource.open(Map.of()).settings();
  }
}
