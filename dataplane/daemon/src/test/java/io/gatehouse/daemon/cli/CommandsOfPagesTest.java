// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * No page names a command, an option or a script that is not there, and whatever a page tells to
 * type in a block is typed by a test or a script, which reads it from the page: {@code ```sh} by
 * {@code GuidesIT}, {@code ```bash NAME} by one file that says {@code block PAGE NAME}.
 */
class CommandsOfPagesTest {
  private static final Path PROJECT = Path.of("").toAbsolutePath().resolve("../..").normalize();

  /** A command at the beginning of a line or of words set as code, up to what ends it. */
  private static final Pattern COMMAND =
      Pattern.compile("(?m)(?:^\\$ ?|^ *|`|sudo )(?:install/bin/)?gatehouse( [a-z][^`#|&;>\\n]*)");

  private static final Pattern SCRIPT = Pattern.compile("\\binstall/([a-z]+)\\b([^`#|&;>\\n/]*)");

  /** A block that is not read by who types it, with the script in which its commands stand. */
  private static final Map<String, String> STANDING_IN =
      Map.of("../README test", ".ci/run", "../CONTRIBUTING test", ".ci/run");

  /** Blocks of what nobody types. */
  private static final Set<String> NOT_TYPED =
      Set.of("text", "ini", "properties", "yaml", "xml", "json");

  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(.*?)\n(.*?)^ *```$");

  /** By a script, and by a test in Java. */
  private static final Pattern READS =
      Pattern.compile(
          "\\b(?:block|typed) ([./\\w-]+) ([\\w-]+)"
              + "|\\bTypedPage\\s*\\.\\w+\\(\\s*\"([^\"]+)\",\\s*\"([^\"]+)\"\\)");

  @Test
  void eachBlockOfCommandsIsTypedByOneTestOrScript() throws IOException {
    Map<String, Set<String>> typists = typists();
    SoftAssertions all = new SoftAssertions();
    Set<String> typed = new TreeSet<>();
    for (Path page : pages()) {
      String name = PROJECT.resolve("docs").relativize(page).toString().replace(".md", "");
      Matcher block = BLOCK.matcher(Files.readString(page, UTF_8));
      while (block.find()) {
        List<String> info = words(block.group(1));
        String what = name + " ```" + block.group(1) + "\n" + block.group(2);
        if (info.size() == 2 && info.getFirst().equals("bash")) {
          String key = name + " " + info.getLast();
          typed.add(key);
          if (STANDING_IN.containsKey(key)) {
            String script = Files.readString(PROJECT.resolve(STANDING_IN.get(key)), UTF_8);
            all.assertThat(script)
                .as(what)
                .contains(block.group(2).replaceFirst(" *#.*", "").strip());
          } else {
            all.assertThat(typists.getOrDefault(key, Set.of())).as(what).hasSize(1);
          }
        } else if (!info.contains("sh")) {
          all.assertThat(NOT_TYPED).as("who types it? " + what).contains(String.join(" ", info));
          all.assertThat(block.group(2)).as(what).doesNotContainPattern("(?m)^ *\\$ ");
        }
      }
    }
    all.assertThat(typed).as("nobody types what no page says").containsAll(typists.keySet());
    all.assertAll();
    assertThat(typed).hasSizeGreaterThan(20);
  }

  /** Files that read a block of a page, by the block. */
  private static Map<String, Set<String>> typists() throws IOException {
    Map<String, Set<String>> typists = new TreeMap<>();
    for (String folder : List.of("install", "webapp/src/test/java")) {
      try (Stream<Path> files = Files.walk(PROJECT.resolve(folder))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Matcher reads = READS.matcher(Files.readString(file, ISO_8859_1));
          while (reads.find()) {
            boolean script = reads.group(1) != null;
            String page = reads.group(script ? 1 : 3);
            if (Files.exists(PROJECT.resolve("docs").resolve(page + ".md"))) {
              typists
                  .computeIfAbsent(page + " " + reads.group(script ? 2 : 4), _ -> new TreeSet<>())
                  .add(file.toString());
            }
          }
        }
      }
    }
    return typists;
  }

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
          text.append(Files.readString(file, ISO_8859_1));
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
