// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsSourcesTest {
  private static final Setting LEVEL = KnownSettings.get("gatehouse.log.level");

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    file = directory.resolve("gatehouse.properties");
    Files.createFile(file);
  }

  @Test
  void eachSourceBeatsThoseBelow() throws Exception {
    Map<String, String> flags = new HashMap<>(Map.of(LEVEL.name(), "SEVERE"));
    Map<String, String> system = new HashMap<>(Map.of(LEVEL.name(), "WARNING"));
    Path credentials = Files.createDirectory(directory.resolve("credentials"));
    Map<String, String> environment =
        new HashMap<>(
            Map.of(LEVEL.variable(), "FINE", "CREDENTIALS_DIRECTORY", credentials.toString()));
    Path fragments = Files.createDirectory(directory.resolve("conf.d"));
    Files.writeString(credentials.resolve(LEVEL.name()), "FINER\n");
    Files.writeString(fragments.resolve("90-late.properties"), LEVEL.name() + "=severe");
    Files.writeString(fragments.resolve("10-early.properties"), LEVEL.name() + "=warning");
    Files.writeString(file, "# a comment \\\n\n" + LEVEL.name() + "=\\\n  info\n");

    assertThat(given(flags, system, environment)).isEqualTo(new Given("SEVERE", "command line"));
    flags.clear();
    assertThat(given(flags, system, environment))
        .isEqualTo(new Given("WARNING", "system property"));
    system.clear();
    assertThat(given(flags, system, environment))
        .isEqualTo(new Given("FINE", "environment variable GATEHOUSE_LOG_LEVEL"));
    environment.remove(LEVEL.variable());
    assertThat(given(flags, system, environment))
        .isEqualTo(new Given("FINER", credentials.resolve(LEVEL.name()).toString()));
    environment.clear();
    assertThat(given(flags, system, environment))
        .isEqualTo(new Given("severe", fragments.resolve("90-late.properties") + ":1"));
    Files.delete(fragments.resolve("90-late.properties"));
    assertThat(given(flags, system, environment).value()).isEqualTo("warning");
    Files.delete(fragments.resolve("10-early.properties"));
    assertThat(given(flags, system, environment)).isEqualTo(new Given("info", file + ":3"));
    Files.writeString(file, "");
    assertThat(given(flags, system, environment)).isEqualTo(new Given("INFO", "default"));
  }

  @Test
  void aSlipInAFileIsNamedWithItsLineAndTheNameThatWasMeant() throws Exception {
    Files.writeString(file, "other.product=1\n\ngatehouse.snmp.adress=127.0.0.1:161\n");

    assertThatThrownBy(() -> read(Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll(
            "unknown setting gatehouse.snmp.adress (" + file + ":3)",
            "did you mean gatehouse.snmp.address?",
            "docs/settings.md");
  }

  @Test
  void aSlipInTheEnvironmentIsNamed() {
    assertThatThrownBy(() -> read(Map.of("GATEHOUSE_LOG_LEVLE", "FINE")))
        .hasMessageContainingAll(
            "GATEHOUSE_LOG_LEVLE", "environment", "did you mean GATEHOUSE_LOG_LEVEL?");
  }

  @Test
  void aSlipInASystemPropertyIsNamed() {
    assertThatThrownBy(
            () ->
                SettingsSources.read(Map.of(), Map.of("gatehouse.old", "1"), environment(Map.of())))
        .hasMessageContainingAll("gatehouse.old", "system property");
  }

  @Test
  void variablesOfAServiceInKubernetesAreNoSlips() throws Exception {
    Map<String, String> links =
        Map.of(
            "GATEHOUSE_SERVICE_HOST", "10.0.0.1",
            "GATEHOUSE_PORT", "udp://10.0.0.1:51820",
            "GATEHOUSE_PORT_51820_UDP_ADDR", "10.0.0.1");
    assertThat(read(links).find(LEVEL).isGiven()).isFalse();
  }

  @Test
  void aValueMayLieInAFileOfItsOwn() throws Exception {
    Path secret = directory.resolve("secret");
    Files.writeString(secret, "FINER\n");
    Files.writeString(file, LEVEL.name() + ".file=" + secret);

    assertThat(read(Map.of()).find(LEVEL))
        .isEqualTo(new Given("FINER", secret + ", by " + file + ":1"));
    Files.writeString(file, "");
    assertThat(read(Map.of("GATEHOUSE_LOG_LEVEL_FILE", secret.toString())).find(LEVEL).value())
        .isEqualTo("FINER");
    Files.delete(secret);
    assertThatThrownBy(() -> read(Map.of("GATEHOUSE_LOG_LEVEL_FILE", secret.toString())))
        .hasMessageContainingAll("secret", "GATEHOUSE_LOG_LEVEL_FILE", "cannot be read");
  }

  @Test
  void aValueIsOnlyTheConcernOfWhoReadsIt() throws Exception {
    Files.writeString(file, "gatehouse.console.port=0\n");

    read(Map.of()).check(Setting.Part.DATA_PLANE);
    assertThatThrownBy(() -> read(Map.of()).check(Setting.Part.CONSOLE))
        .hasMessageContainingAll(
            "gatehouse.console.port", "\"0\"", file + ":1", "a whole number, 1 to 65535");
  }

  @Test
  void whatASourceSaysTwiceIsRefused() throws Exception {
    Files.writeString(file, "gatehouse.log.level=FINE\n\ngatehouse.log.level=INFO\n");
    assertThatThrownBy(() -> read(Map.of()))
        .hasMessageContainingAll("gatehouse.log.level", "twice", file + ":1", file + ":3");
    Path secret = Files.writeString(directory.resolve("level"), "FINER");
    Files.writeString(file, "gatehouse.log.level=FINE\ngatehouse.log.level.file=" + secret + "\n");
    assertThatThrownBy(() -> read(Map.of()))
        .hasMessageContainingAll("twice", file + ":1", file + ":2");
    Files.writeString(file, "");
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        "GATEHOUSE_LOG_LEVEL",
                        "FINE",
                        "GATEHOUSE_LOG_LEVEL_FILE",
                        secret.toString())))
        .hasMessageContainingAll("twice", "GATEHOUSE_LOG_LEVEL and", "GATEHOUSE_LOG_LEVEL_FILE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"console.example", "::1%lo", "[::1]", "127.0.0.1:8443", "224.0.0.1"})
  void theConsolesAddressIsALiteralOne(String address) throws Exception {
    for (String good : List.of("*", "127.0.0.1", "::1", "0.0.0.0", "2001:db8::1")) {
      Files.writeString(file, "gatehouse.console.address=" + good + "\n");
      read(Map.of()).check(Setting.Part.CONSOLE);
    }
    Files.writeString(file, "gatehouse.console.address=" + address + "\n");

    assertThatThrownBy(() -> read(Map.of()).check(Setting.Part.CONSOLE))
        .hasMessageContainingAll(
            "gatehouse.console.address", "\"" + address + "\"", file + ":1", "a literal address");
  }

  @Test
  void aLineThatIsNoneIsNamed() throws Exception {
    Files.writeString(file, "\ngatehouse.log.level=\\u12\n");

    assertThatThrownBy(() -> read(Map.of())).hasMessageContaining(file + ":2");
  }

  private Given given(
      Map<String, String> flags, Map<String, String> system, Map<String, String> environment)
      throws SettingsException {
    return SettingsSources.read(flags, system, environment(environment)).find(LEVEL);
  }

  private SettingsSources read(Map<String, String> environment) throws SettingsException {
    return SettingsSources.read(Map.of(), Map.of(), environment(environment));
  }

  private Map<String, String> environment(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.put("GATEHOUSE_CONFIG", file.toString());
    return all;
  }
}
