// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.CommitRequest;
import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.ControlClient;
import io.gatehouse.control.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse commit}: changes that undo themselves unless somebody confirms. */
@Command(
    name = CommitCommands.NAME,
    description = {
      "Begins a commit: change files then, and confirm.",
      "Unless that comes in time, the data plane makes the directory as it is now, also after a"
          + " restart."
    },
    synopsisSubcommandLabel = "[COMMAND]",
    mixinStandardHelpOptions = true)
final class CommitCommands implements Callable<Integer> {
  static final String NAME = "commit";

  private static final Pattern LENGTH = Pattern.compile("([0-9]{1,6})([smhd]?)");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final Commands commands;

  @Option(
      names = "--confirm-within",
      paramLabel = "TIME",
      defaultValue = "5m",
      description = "How long to wait (${DEFAULT-VALUE}): seconds, or a number with s, m, h or d.")
  private String within = "5m";

  @Mixin private MessageOption message = new MessageOption();

  @Mixin private JsonOption json = new JsonOption();

  CommitCommands(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws Exception {
    Duration length = length(within);
    try (ControlClient client = commands.dataPlane()) {
      CommitStatus commit =
          client.beginCommit(
              new CommitRequest(length.toSeconds(), Who.because(commands, message.text())));
      if (json.given()) {
        commands.streams().out().println(RecordCodec.write(commit));
      } else {
        commands
            .streams()
            .out()
            .println(
                "Change the files now, and say gatehouse commit confirm by "
                    + clock(commit.deadline())
                    + ". Otherwise they go back to "
                    + HistoryCommands.shortId(commit.revision())
                    + ".");
      }
    }
    return 0;
  }

  @Command(description = "Keeps what was changed.", mixinStandardHelpOptions = true)
  int confirm() throws Exception {
    try (ControlClient client = commands.dataPlane()) {
      CommitStatus commit = client.confirmCommit();
      commands
          .streams()
          .out()
          .println(
              "Confirmed. gatehouse history diff "
                  + HistoryCommands.shortId(commit.revision())
                  + " shows what was changed.");
    }
    return 0;
  }

  @Command(description = "Goes back at once.", mixinStandardHelpOptions = true)
  int revert(@Mixin JsonOption asJson) throws Exception {
    try (ControlClient client = commands.dataPlane()) {
      HistoryCommands.print(commands, client.revertCommit(), asJson.given());
    }
    return 0;
  }

  static String clock(long milliseconds) {
    return Instant.ofEpochMilli(milliseconds).atZone(ZoneId.systemDefault()).format(TIME);
  }

  static Duration length(String text) throws Failure {
    Matcher matcher = LENGTH.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration length =
          switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
          };
      if (number > 0 && length.toSeconds() <= CommitRequest.LONGEST) {
        return length;
      }
    }
    throw new Failure(
        "gatehouse: `" + text + "' is no time to confirm within",
        "Give seconds, or a number with s, m, h or d, at most 7d.");
  }
}
