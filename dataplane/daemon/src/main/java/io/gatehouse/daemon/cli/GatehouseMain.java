// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.daemon.backup.BackupException;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code gatehouse}. {@link Commands} lists what it can do. */
public final class GatehouseMain {
  private GatehouseMain() {}

  /** Runs one command; exit status 0 is success, 1 a failure that was told. */
  public static void main(String[] words) {
    System.exit(run(List.of(words), Streams.ofProcess()));
  }

  static int run(List<String> words, Streams streams) {
    int status = commandLine(words, streams).execute(words.toArray(String[]::new));
    streams.out().flush();
    if (streams.out().checkError()) {
      streams.err().println("gatehouse: standard output cannot be written");
      return 1;
    }
    return status;
  }

  /**
   * The commands as picocli sees them. To describe one takes a while, so it is done for those that
   * the words name, and for all when they name none.
   */
  static CommandLine commandLine(List<String> words, Streams streams) {
    Commands commands = new Commands(streams);
    CommandLine line = new CommandLine(commands);
    List<Method> all = CommandLine.getCommandMethods(Commands.class, null);
    List<Method> named = all.stream().filter(command -> words.contains(command.getName())).toList();
    for (Method command : named.isEmpty() ? all : named) {
      line.addSubcommand(command.getName(), command);
    }
    if (named.isEmpty() || words.contains(SnmpCommands.NAME)) {
      CommandLine snmp = new CommandLine(new SnmpCommands());
      snmp.addSubcommand(new SnmpCommands.UserCommands(commands));
      snmp.addSubcommand(new SnmpCommands.TargetCommands(commands));
      snmp.addSubcommand(new SnmpCommands.TrapCommands(commands));
      snmp.addSubcommand(new SnmpCommands.FileCommand(commands));
      line.addSubcommand(snmp);
    }
    if (named.isEmpty() || words.contains(HistoryCommands.NAME)) {
      line.addSubcommand(new HistoryCommands(commands));
    }
    if (named.isEmpty() || words.contains(DriftCommand.NAME)) {
      line.addSubcommand(new DriftCommand(commands));
    }
    if (named.isEmpty() || words.contains(CommitCommands.NAME)) {
      line.addSubcommand(new CommitCommands(commands));
    }
    if (named.isEmpty() || words.contains(BackupCommand.NAME)) {
      line.addSubcommand(new BackupCommand(commands));
    }
    if (named.isEmpty() || words.contains(BackupPassphraseCommand.NAME)) {
      line.addSubcommand(new BackupPassphraseCommand(commands));
    }
    if (named.isEmpty() || words.contains(RestoreCommand.NAME)) {
      line.addSubcommand(new RestoreCommand(commands));
    }
    if (named.isEmpty() || words.contains(SettingsCommand.NAME)) {
      line.addSubcommand(new SettingsCommand(commands));
    }
    line.setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8));
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler(GatehouseMain::misused);
    line.setExecutionExceptionHandler((failure, at, parsed) -> failed(failure, at));
    // What stands behind the interface's name is wg(8)'s, signs included.
    for (String name : List.of("show", "set")) {
      CommandLine command = line.getSubcommands().get(name);
      if (command != null) {
        command.setStopAtPositional(true);
      }
    }
    return line;
  }

  /** As wg(8): what is wrong, the usage, exit status 1. */
  private static int misused(ParameterException failure, String[] words) {
    CommandLine at = failure.getCommandLine();
    PrintWriter err = at.getErr();
    boolean command = at.getParent() == null && failure instanceof UnmatchedArgumentException;
    String word = command ? ((UnmatchedArgumentException) failure).getUnmatched().getFirst() : "";
    err.println(
        command && !word.startsWith("-")
            ? "Invalid subcommand: `" + word + "'"
            : failure.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
      at.usage(err);
    }
    return 1;
  }

  private static int failed(Exception failure, CommandLine at) throws Exception {
    PrintWriter err = at.getErr();
    switch (failure) {
      case Failure told -> err.println(told.lines());
      case ControlException refusal -> {
        err.println("gatehouse: " + refusal.message());
        for (FindingStatus finding : refusal.findings()) {
          err.println("  " + finding.text());
        }
      }
      case IOException trouble -> err.println("gatehouse: " + trouble.getMessage());
      case BackupException unusable -> err.println("gatehouse: " + unusable.getMessage());
      case SettingsException bad -> err.println("gatehouse: " + bad.getMessage());
      default -> throw failure;
    }
    return 1;
  }
}
