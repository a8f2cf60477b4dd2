// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.settings.KnownSettings;
import io.gatehouse.control.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConsoleSettingsTest {
  private static final Pattern USE = Pattern.compile("ConfigProperty\\(\\s*name = \"([^\"]+)\"");
  private static final Pattern VARIABLE =
      Pattern.compile("<variable name=\"(gatehouse\\.[^\"]+)\" defaultValue=\"([^\"]+)\"");

  @Test
  void whatTheConsoleReadsIsDeclaredAsItsSettings() throws IOException {
    Set<String> used = new TreeSet<>();
    for (String root : new String[] {"src/main/java", "../webapp/src/main/java"}) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          USE.matcher(Files.readString(file)).results().forEach(use -> used.add(use.group(1)));
        }
      }
    }
    String server = Files.readString(Path.of("src/main/liberty/config/server.xml"));
    VARIABLE.matcher(server).results().forEach(variable -> used.add(variable.group(1)));

    assertThat(used)
        .isEqualTo(
            KnownSettings.ALL.stream()
                .filter(setting -> setting.process() != Setting.Part.DATA_PLANE)
                .map(Setting::name)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void theServersOwnDefaultsAreTheDeclaredOnes() throws IOException {
    String server = Files.readString(Path.of("src/main/liberty/config/server.xml"));
    assertThat(VARIABLE.matcher(server).results())
        .hasSize(2)
        .allSatisfy(
            variable ->
                assertThat(KnownSettings.get(variable.group(1)).standard())
                    .isEqualTo(variable.group(2)));
  }

  @Test
  void theSourceHasEveryDefault() {
    SettingsConfigSource source = new SettingsConfigSource();
    assertThat(source.getValue("gatehouse.console.port")).isEqualTo("8443");
    assertThat(source.getValue("other.product")).isNull();
    assertThat(source.getPropertyNames()).hasSameSizeAs(KnownSettings.ALL);
  }
}
