// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.daemon.Settings.AeadEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @TempDir Path directory;

  @Test
  void everyPropertyHasADefaultThatWorks() throws Exception {
    Settings settings = open(Map.of(), Map.of(), Map.of()).settings();

    assertThat(settings.tunnelsDirectory()).isEqualTo(Path.of("/etc/gatehouse/tunnels"));
    assertThat(settings.controlGroup()).isEmpty();
    assertThat(settings.snmpAddress().getPort()).isEqualTo(1161);
    assertThat(settings.aeadEngine()).isEqualTo(AeadEngine.AUTO);
    assertThat(settings.udpGro()).isTrue();
    assertThat(settings.rehearsal()).isTrue();
    assertThat(settings.logLevel()).isEqualTo(Level.INFO);
  }

  @ParameterizedTest
  @CsvSource({
    "gatehouse.tunnels.directory, tunnels, absolute path",
    "gatehouse.snmp.address, localhost:161, literal address",
    "gatehouse.snmp.address, ::1:161, literal address",
    "gatehouse.snmp.address, 127.0.0.1:0, literal address",
    "gatehouse.snmp.address, 127.0.0.1:70000, literal address",
    "gatehouse.snmp.address, 127.0.0.1, literal address",
    "gatehouse.snmp.root, 1.3.6.1.4.1, below 1.3.6.1.4.1",
    "gatehouse.snmp.root, 1.3.6.1.2.1.1, below 1.3.6.1.4.1",
    "gatehouse.snmp.targets, 192.0.2.1:162, USER@ADDRESS:PORT",
    "gatehouse.snmp.v2c.sources, station.example, ADDRESS/LENGTH",
    "gatehouse.metrics.address, 192.0.2.1:9586, loopback",
    "gatehouse.queues, 0, auto",
    "gatehouse.queues, many, auto",
    "gatehouse.workers, -1, auto",
    "gatehouse.workers, 64, auto",
    "gatehouse.aead.engine, fast, 'auto, vector, libcrypto or bouncycastle'",
    "gatehouse.offload.udp.gso, yes, true or false",
    "gatehouse.log.level, LOUD, WARNING",
  })
  void aBadValueIsRefusedWithPropertyValueSourceAndRemedy(String name, String value, String remedy)
      throws Exception {
    write(name + "=" + value);
    SettingsSource source = open(Map.of(), Map.of(), Map.of());

    assertThatThrownBy(source::settings)
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll(name, "\"" + value + "\"", "gatehouse.properties", remedy);
  }

  @Test
  void aFileThatWasNamedMustBeReadable() {
    assertThatThrownBy(
            () ->
                SettingsSource.open(
                    Map.of(SettingsSource.FILE, directory.resolve("none").toString()),
                    Map.of(),
                    Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("none");
  }

  private void write(String text) throws IOException {
    Files.writeString(directory.resolve("gatehouse.properties"), text);
  }

  private SettingsSource open(
      Map<String, String> flags, Map<String, String> system, Map<String, String> environment)
      throws Exception {
    Path file = directory.resolve("gatehouse.properties");
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    Map<String, String> all = new TreeMap<>(environment);
    all.put("GATEHOUSE_CONFIG", file.toString());
    return SettingsSource.open(flags, system, all);
  }
}
