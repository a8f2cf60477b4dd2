// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.daemon.Settings;
import io.gatehouse.daemon.SettingsException;
import io.gatehouse.daemon.SettingsSource;
import io.gatehouse.daemon.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
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
  private final Streams streams;

  @Option(
      names = "--socket",
      paramLabel = "FILE",
      description = "Control socket of the data plane, instead of gatehouse.control.socket.")
  private @Nullable Path socket;

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

  @Command(description = "Says what is wrong with wg-quick files.", mixinStandardHelpOptions = true)
  int check(
      @Option(names = "--json", description = "Findings as JSON.") boolean json,
      @Parameters(arity = "1..*", paramLabel = "FILE", description = "wg-quick files.")
          List<String> files) {
    return FileCheck.check(files, json, streams.out()) ? 0 : 1;
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
    return ControlClient.connect(socket != null ? socket : settings().controlSocket());
  }

  Streams streams() {
    return streams;
  }

  private WgInterfaces interfaces() throws SettingsException {
    return new WgInterfaces(settings().uapiDirectory());
  }

  private static Settings settings() throws SettingsException {
    return SettingsSource.open(Map.of()).settings();
  }
}
