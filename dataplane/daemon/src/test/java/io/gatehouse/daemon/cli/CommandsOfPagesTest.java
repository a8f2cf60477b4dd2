// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * No page names a command, an option or a script that is not there. What guides tell to type is run
 * besides, by {@code GuidesIT}.
 */
class CommandsOfPagesTest {
  private static final Path PROJECT = Path.of("").toAbsolutePath().resolve("../..").normalize();

  /** A command at the beginning of a line or of words set as code, up to what ends it. */
  private static final Pattern COMMAND =
      Pattern.compile("(?m)(?:^\\$ ?|^ *|`|sudo )(?:install/bin/)?gatehouse( [a-z][^`#|&;>\\n]*)");

  private static final Pattern SCRIPT = Pattern.compile("\\binstall/([a-z]+)\\b([^`#|&;>\\n/]*)");

  @Test
  void eachCommandAndOptionOfOursIsThere() throws IOException {
    CommandLine all = GatehouseMain.commandLine(List.of(), Streams.ofProcess());
    List<String> wrong = new ArrayList<>();
    int found = 0;
    for (Path page : pages()) {
      Matcher matcher = COMMAND.matcher(Files.readString(page, UTF_8));
      while (matcher.find()) {
        found++;
        unknown(all, words(matcher.group(1)))
            .forEach(
                word ->
                    wrong.add(page.getFileName() + ": gatehouse" + matcher.group(1) + ": " + word));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(found).isGreaterThan(50);
  }

  @Test
  void eachScriptAndOptionOfItIsThere() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path page : pages()) {
      Matcher matcher = SCRIPT.matcher(Files.readString(page, UTF_8));
      while (matcher.find()) {
        Path script = PROJECT.resolve("install").resolve(matcher.group(1));
        if (!Files.exists(script)) {
          wrong.add(page.getFileName() + ": no " + script);
          continue;
        }
        String known = Files.isDirectory(script) ? "" : text(script);
        for (String word : words(matcher.group(2))) {
          if (word.startsWith("--") && !known.contains(word.replaceAll("=.*", ""))) {
            wrong.add(page.getFileName() + ": " + matcher.group() + ": " + word);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static List<String> unknown(CommandLine all, List<String> words) {
    List<String> unknown = new ArrayList<>();
    CommandLine at = all;
    boolean first = true;
    for (String word : words) {
      if (word.startsWith("-") && word.length() > 1) {
        if (at.getCommandSpec().findOption(word.replaceAll("=.*", "")) == null) {
          unknown.add(word);
        }
      } else if (at.getSubcommands().containsKey(word)) {
        at = at.getSubcommands().get(word);
      } else if (first) {
        unknown.add(word);
      }
      first = false;
    }
    return unknown;
  }

  /** The words, without the marks of what may be left out. */
  private static List<String> words(String text) {
    return Stream.of(
            text.replaceAll("\"[^\"]*\"|[\\[\\]\\\\]|\\.\\.\\.", " ").strip().split("\\s+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** A script with what it may have put into a folder of its own. */
  private static String text(Path script) throws IOException {
    StringBuilder text = new StringBuilder(Files.readString(script, UTF_8));
    Path parts = script.resolveSibling(script.getFileName() + ".d");
    if (Files.isDirectory(parts)) {
      try (Stream<Path> files = Files.walk(parts)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          text.append(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
        }
      }
    }
    return text.toString();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> pages = Files.list(PROJECT.resolve("docs"))) {
      return Stream.concat(
              pages.filter(page -> page.toString().endsWith(".md")),
              Stream.of(PROJECT.resolve("README.md"), PROJECT.resolve("CONTRIBUTING.md")))
          .sorted()
          .toList();
    }
  }
}
