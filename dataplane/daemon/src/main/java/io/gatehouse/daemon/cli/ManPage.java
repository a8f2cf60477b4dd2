// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * gatehouse(8), in mdoc(7), from the same descriptions as the help texts. The package is built with
 * it; it is no command.
 */
final class ManPage {
  private static final Pattern SAFE_START = Pattern.compile("^[.']", Pattern.MULTILINE);

  /** Between two sentences. */
  private static final Pattern SENTENCE = Pattern.compile("(?<=[a-z)])\\. (?=[A-Z])");

  private final StringBuilder page = new StringBuilder();

  private ManPage() {}

  /** Prints the page; its date (YYYY-MM-DD) is the only argument. */
  public static void main(String[] words) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.print(
        of(GatehouseMain.commandLine(List.of(), Streams.ofProcess()), LocalDate.parse(words[0])));
    out.flush();
  }

  static String of(CommandLine line, LocalDate date) {
    ManPage man = new ManPage();
    CommandSpec spec = line.getCommandSpec();
    man.line(".Dd " + date.format(DateTimeFormatter.ofPattern("MMMM d, yyyy", Locale.ENGLISH)));
    man.line(".Dt GATEHOUSE 8");
    man.line(".Os");
    man.line(".Sh NAME");
    man.line(".Nm gatehouse");
    man.line(".Nd command line of the Gatehouse WireGuard gateway");
    man.line(".Sh SYNOPSIS");
    man.line(".Nm");
    man.line(".Op Fl -socket Ar FILE");
    man.line(".Ar command");
    man.line(".Op Ar argument ...");
    man.line(".Sh DESCRIPTION");
    man.text(String.join(" ", spec.usageMessage().description()));
    man.options(spec);
    man.line(".Sh COMMANDS");
    man.line(".Bl -tag -width 4n");
    line.getSubcommands().forEach((name, command) -> man.command(name, command));
    man.line(".El");
    man.line(".Sh EXIT STATUS");
    man.text("0 on success, 1 when something failed, which is then told on standard error.");
    man.line(".Sh SEE ALSO");
    man.line(".Xr gatehouse.properties 5 ,");
    man.line(".Xr gatehouse-dataplane 8 ,");
    man.line(".Xr gatehouse-tunnel 8 ,");
    man.line(".Xr wg 8 ,");
    man.line(".Xr wg-quick 8");
    return man.page.toString();
  }

  private void command(String path, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    Map<String, CommandLine> inner = command.getSubcommands();
    if (!spec.usageMessage().hidden()) {
      Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
      String synopsis = help.synopsis(0).strip().replaceAll("\\s+", " ");
      line(
          ".It "
              + escaped(synopsis.replaceFirst("^gatehouse ", "").replaceFirst(" \\[-hV?\\]", "")));
      text(String.join(" ", spec.usageMessage().description()));
      options(spec);
    }
    inner.forEach((name, each) -> command(path + " " + name, each));
  }

  private void options(CommandSpec spec) {
    List<OptionSpec> options =
        spec.options().stream()
            .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
            .toList();
    List<? extends ArgSpec> parameters =
        spec.positionalParameters().stream()
            .filter(each -> !each.hidden() && each.description().length > 0)
            .toList();
    if (options.isEmpty() && parameters.isEmpty()) {
      return;
    }
    line(".Bl -tag -width 4n");
    for (OptionSpec option : options) {
      String value = option.typeInfo().isBoolean() ? "" : " " + option.paramLabel();
      item(String.join(", ", option.names()) + value, option);
    }
    parameters.forEach(each -> item(each.paramLabel(), each));
    line(".El");
  }

  private void item(String head, ArgSpec spec) {
    line(".It " + escaped(head));
    text(String.join(" ", spec.description()));
  }

  /** Each sentence on a line of its own, as mdoc(7) wants it. */
  private void text(String words) {
    Matcher sentence = SENTENCE.matcher(words.replace("%n", " ").strip().replaceAll("\\s+", " "));
    String sentences = sentence.replaceAll(".\n");
    if (!sentences.isEmpty()) {
      line(escaped(sentences));
    }
  }

  private static String escaped(String words) {
    return SAFE_START.matcher(words.replace("\\", "\\e").replace("-", "\\-")).replaceAll("\\\\&$0");
  }

  private void line(String text) {
    page.append(text).append('\n');
  }
}
