// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/protocol.md names a class and tests for each rule: they must exist. */
class ProtocolPageTest {
  private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");
  private static final Pattern CLASS = Pattern.compile("`(\\w+)`");

  private final Path root = root();

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("docs/protocol.md"))) {
      at = at.getParent();
      assertThat(at).as("the folder that holds docs").isNotNull();
    }
    return at;
  }

  /** Source by the name of its class. */
  private Map<String, String> sources(String kind) throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of("protocol", "linux", "daemon")) {
      Path folder = root.resolve("dataplane").resolve(module).resolve("src/" + kind + "/java");
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.merge(name, Files.readString(file), String::concat);
        }
      }
    }
    return sources;
  }

  /** The cells of each rule: rule, value, held by, shown by. */
  private List<String[]> rules() throws IOException {
    List<String[]> rules = new ArrayList<>();
    for (String line : Files.readAllLines(root.resolve("docs/protocol.md"))) {
      if (line.startsWith("|") && !line.startsWith("| ---") && !line.startsWith("| rule ")) {
        rules.add(line.substring(1).split("\\|"));
      }
    }
    return rules;
  }

  /** A method marked as a test, with no other mark between. */
  private static Pattern method(String name) {
    String mark = "@(?:Parameterized)?Test\\b";
    return Pattern.compile(mark + "(?:(?!" + mark + ").)*?void " + name + "\\(", Pattern.DOTALL);
  }

  @Test
  void eachRuleNamesTestsThatExist() throws IOException {
    Map<String, String> tests = sources("test");
    List<String> missing = new ArrayList<>();
    for (String[] rule : rules()) {
      assertThat(rule).as(rule[0]).hasSize(4);
      Matcher named = TEST.matcher(rule[3]);
      int count = 0;
      while (named.find()) {
        count++;
        String source = tests.getOrDefault(named.group(1), "");
        if (!method(named.group(2)).matcher(source).find()) {
          missing.add(named.group());
        }
      }
      assertThat(count).as("tests of the rule%s", rule[0]).isPositive();
    }
    assertThat(missing).isEmpty();
    assertThat(rules()).hasSizeGreaterThan(60);
  }

  @Test
  void eachRuleNamesAClassThatExists() throws IOException {
    Map<String, String> classes = sources("main");
    for (String[] rule : rules()) {
      Matcher named = CLASS.matcher(rule[2]);
      assertThat(named.find()).as("a class for the rule%s", rule[0]).isTrue();
      assertThat(classes).containsKey(named.group(1));
    }
  }
}
