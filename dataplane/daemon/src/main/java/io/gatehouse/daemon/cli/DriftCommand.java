// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.DriftLine;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.TunnelChanged;
import io.gatehouse.control.TunnelChoice;
import io.gatehouse.control.TunnelStatus;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse drift}: what runs otherwise than the files say, and what is to be done. */
@Command(
    name = DriftCommand.NAME,
    description = {
      "Shows what runs otherwise than the files say, because somebody has changed it by hand.",
      "With one of the options, decides about it for one tunnel."
    },
    mixinStandardHelpOptions = true)
final class DriftCommand implements Callable<Integer> {
  static final String NAME = "drift";

  private final Commands commands;

  @Option(names = "--json", description = "The answer as JSON.")
  private boolean json;

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why, for the history.")
  private String message = "";

  @ArgGroup private Answer answer = new Answer();

  @Parameters(
      paramLabel = "TUNNEL",
      arity = "0..1",
      defaultValue = "",
      description = "Only this one, such as wg0.")
  private String tunnel = "";

  /** At most one of them. */
  private static final class Answer {
    @Option(names = "--take-file", description = "Make the tunnel what its file says.")
    private boolean file;

    @Option(names = "--take-running", description = "Write what runs into the file.")
    private boolean running;

    @Option(names = "--ignore", description = "Leave it until it changes.")
    private boolean ignore;

    boolean isGiven() {
      return file || running || ignore;
    }
  }

  /** One tunnel of {@code --json}. */
  public record Drifting(String tunnel, String file, List<DriftLine> drift) {
    /** Copies the list. */
    public Drifting {
      drift = List.copyOf(drift);
    }
  }

  /** All of {@code --json}. */
  public record Report(List<Drifting> tunnels) {
    /** Copies the list. */
    public Report {
      tunnels = List.copyOf(tunnels);
    }
  }

  DriftCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws Exception {
    try (ControlClient client = commands.dataPlane()) {
      return answer.isGiven() ? decide(client) : show(client);
    }
  }

  private int show(ControlClient client) throws Exception {
    List<Drifting> drifting =
        client.status().tunnels().stream()
            .filter(each -> tunnel.isEmpty() || each.name().equals(tunnel))
            .filter(each -> !each.drift().isEmpty())
            .map(DriftCommand::of)
            .toList();
    PrintStream out = commands.streams().out();
    if (json) {
      out.println(RecordCodec.write(new Report(drifting)));
      return 0;
    }
    if (drifting.isEmpty()) {
      out.println("What runs is what the files say.");
    }
    for (Drifting each : drifting) {
      for (DriftLine line : each.drift()) {
        out.println(
            each.file()
                + (line.line() > 0 ? ":" + line.line() : "")
                + ": "
                + line.text()
                + (line.ignored() ? " (ignored)" : ""));
      }
    }
    return 0;
  }

  private static Drifting of(TunnelStatus tunnel) {
    return new Drifting(tunnel.name(), tunnel.file(), tunnel.drift());
  }

  private int decide(ControlClient client) throws Exception {
    if (tunnel.isEmpty()) {
      throw new Failure("gatehouse: which tunnel?", "Give its name, such as wg0.");
    }
    TunnelChoice choice = new TunnelChoice(tunnel, Optional.of(Who.because(commands, message)));
    TunnelChanged changed =
        answer.file
            ? client.takeFile(choice)
            : answer.running ? client.takeRunning(choice) : client.ignoreDrift(choice);
    PrintStream out = commands.streams().out();
    if (json) {
      out.println(RecordCodec.write(changed));
    } else {
      changed.findings().forEach(finding -> out.println(finding.text()));
    }
    return 0;
  }
}
