// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.Restoration;
import io.gatehouse.control.Restored;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionChoice;
import io.gatehouse.control.RevisionDiff;
import io.gatehouse.control.RevisionList;
import io.gatehouse.control.RevisionPair;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.control.RevisionShown;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse history}: the states of the tunnel directory. */
@Command(
    name = HistoryCommands.NAME,
    description = {
      "The states of the tunnel directory that were taken; without a command it is list.",
      "A REVISION is its id, the first four digits or more of it, HEAD for the newest, HEAD~1 for"
          + " the one before."
    },
    synopsisSubcommandLabel = "[COMMAND]",
    mixinStandardHelpOptions = true)
final class HistoryCommands implements Callable<Integer> {
  static final String NAME = "history";

  private static final int SHORT_ID = 10;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final Commands commands;

  HistoryCommands(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws Exception {
    return list(new JsonOption(), 20, "");
  }

  @Command(description = "Lists revisions, newest first.", mixinStandardHelpOptions = true)
  int list(
      @Mixin JsonOption json,
      @Option(
              names = {"-n", "--limit"},
              paramLabel = "N",
              defaultValue = "20",
              description = "How many at most (${DEFAULT-VALUE}).")
          int limit,
      @Option(
              names = "--before",
              paramLabel = "REVISION",
              defaultValue = "",
              description = "Only older ones than this.")
          String before)
      throws Exception {
    if (limit < 1 || limit > RevisionRange.LARGEST) {
      throw new Failure(
          "gatehouse: " + limit + " revisions cannot be listed at a time",
          "Give a number from 1 to " + RevisionRange.LARGEST + ".");
    }
    try (ControlClient client = commands.dataPlane()) {
      RevisionList page = client.history(new RevisionRange(before, limit));
      if (json.given()) {
        out().println(RecordCodec.write(page));
        return 0;
      }
      for (Revision revision : page.revisions()) {
        out()
            .println(
                shortId(revision.id())
                    + "  "
                    + time(revision)
                    + "  "
                    + revision.author()
                    + " ("
                    + revision.source().words()
                    + ")  "
                    + revision.message());
      }
      if (page.more()) {
        out().println("More: --before " + shortId(page.revisions().getLast().id()));
      }
    }
    return 0;
  }

  @Command(
      description = "Shows a revision and what it changed, keys hidden.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin JsonOption json,
      @Parameters(paramLabel = "REVISION", arity = "0..1", defaultValue = "HEAD") String revision)
      throws Exception {
    try (ControlClient client = commands.dataPlane()) {
      RevisionShown shown = client.revision(new RevisionChoice(revision));
      if (json.given()) {
        out().println(RecordCodec.write(shown));
        return 0;
      }
      Revision about = shown.revision();
      out().println("revision " + about.id());
      out().println("author   " + about.author() + " (" + about.source().words() + ")");
      out().println("time     " + time(about));
      out().println("message  " + about.message());
      out().println();
      out().print(shown.diff());
    }
    return 0;
  }

  @Command(
      description = "Shows what differs between two revisions, keys hidden.",
      mixinStandardHelpOptions = true)
  int diff(
      @Mixin JsonOption json,
      @Parameters(paramLabel = "FROM") String from,
      @Parameters(paramLabel = "TO", arity = "0..1", defaultValue = "HEAD") String to)
      throws Exception {
    try (ControlClient client = commands.dataPlane()) {
      RevisionDiff difference = client.difference(new RevisionPair(from, to));
      if (json.given()) {
        out().println(RecordCodec.write(difference));
      } else {
        out().print(difference.diff());
      }
    }
    return 0;
  }

  @Command(
      description = {
        "Makes the directory, or one file of it, as it was in a revision.",
        "What is there now becomes a revision before."
      },
      mixinStandardHelpOptions = true)
  int restore(
      @Mixin JsonOption json,
      @Mixin MessageOption message,
      @Parameters(paramLabel = "REVISION") String revision,
      @Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              defaultValue = "",
              description = "Only this one, such as wg0.conf.")
          String file)
      throws Exception {
    String why =
        message.text().isBlank()
            ? (file.isEmpty() ? "Directory" : file) + " as in " + revision
            : message.text();
    try (ControlClient client = commands.dataPlane()) {
      print(
          commands,
          client.restore(new Restoration(revision, file, Who.because(commands, why))),
          json.given());
    }
    return 0;
  }

  /** Says what was changed. */
  static void print(Commands commands, Restored restored, boolean json) {
    PrintStream out = commands.streams().out();
    if (json) {
      out.println(RecordCodec.write(restored));
      return;
    }
    out.println(
        restored.files().isEmpty()
            ? "Nothing differs."
            : "As it was: " + String.join(", ", restored.files()));
    restored.findings().forEach(finding -> out.println("  " + finding.text()));
  }

  static String shortId(String id) {
    return id.length() > SHORT_ID ? id.substring(0, SHORT_ID) : id;
  }

  private static String time(Revision revision) {
    return Instant.ofEpochSecond(revision.time()).atZone(ZoneId.systemDefault()).format(TIME);
  }

  private PrintStream out() {
    return commands.streams().out();
  }
}
