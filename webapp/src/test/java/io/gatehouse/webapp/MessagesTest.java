// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Format;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The texts of all languages: none is missing, none is unused, and all take the same arguments. */
class MessagesTest {
  private static final Path BUNDLES = Path.of("src/main/resources/io/gatehouse/webapp");

  /** Keys whose last part is a word of the control interface or is put together on a page. */
  private static final List<String> FAMILIES =
      List.of(
          "account.",
          "action.",
          "advice.",
          "audit.kind.",
          "bulk.",
          "chart.",
          "check.",
          "drop.",
          "filestate.",
          "guide.step.",
          "outcome.",
          "planchange.",
          "plankind.",
          "setting.",
          "lamp.",
          "nav.",
          "offload.",
          "overlap.",
          "password.",
          "peer.",
          "period.",
          "reason.",
          "refusal.",
          "result.",
          "role.",
          "severity.",
          "source.",
          "tunnel.",
          "use.",
          "userstate.",
          "verdict.");

  static Stream<String> others() {
    return Languages.ALL.stream().skip(1).map(Locale::toLanguageTag);
  }

  @ParameterizedTest
  @MethodSource("others")
  void everyLanguageHasEveryText(String language) throws IOException {
    Properties english = bundle("Messages.properties");
    Properties other = bundle("Messages_" + language + ".properties");
    assertThat(new TreeSet<>(other.stringPropertyNames()))
        .isEqualTo(new TreeSet<>(english.stringPropertyNames()));
    for (String key : english.stringPropertyNames()) {
      assertThat(other.getProperty(key)).as(key).isNotBlank();
      if (english.getProperty(key).contains("{")) {
        assertThat(arguments(other.getProperty(key)))
            .as(key)
            .isEqualTo(arguments(english.getProperty(key)));
      }
    }
  }

  @Test
  void everyTextIsUsed() throws IOException {
    String sources = sources();
    for (String key : bundle("Messages.properties").stringPropertyNames()) {
      boolean family = FAMILIES.stream().anyMatch(key::startsWith);
      assertThat(
              sources.contains("'" + key + "'")
                  || sources.contains("\"" + key + "\"")
                  || sources.contains("msg." + key)
                  || family)
          .as(key)
          .isTrue();
    }
  }

  @Test
  void everyTextThatIsNamedExists() throws IOException {
    Properties english = bundle("Messages.properties");
    Matcher named =
        Pattern.compile(
                "msg\\['([^']+)'\\]|show\\.text2?\\('([^']+)'|texts(?:\\(\\))?\\.of\\(\\s*\"([^\"]+)\"[,)]")
            .matcher(sources());
    while (named.find()) {
      String key =
          Stream.of(named.group(1), named.group(2), named.group(3))
              .filter(group -> group != null)
              .findFirst()
              .orElseThrow();
      assertThat(english).as(key).containsKey(key);
    }
  }

  private static List<Format> arguments(String text) {
    return Stream.of(new MessageFormat(text).getFormatsByArgumentIndex())
        .map(format -> format instanceof java.text.ChoiceFormat ? null : format)
        .toList();
  }

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path root : List.of(Path.of("src/main/java"), Path.of("src/main/webapp"))) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(f -> f.toString().matches(".*\\.(java|xhtml)")).toList()) {
          all.append(Files.readString(file)).append('\n');
        }
      }
    }
    return all.toString();
  }

  private static Properties bundle(String name) throws IOException {
    Properties texts = new Properties();
    try (Reader reader = Files.newBufferedReader(BUNDLES.resolve(name))) {
      texts.load(reader);
    }
    return texts;
  }
}
