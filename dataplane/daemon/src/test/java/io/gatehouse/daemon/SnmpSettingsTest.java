// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.SnmpTarget;
import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.daemon.snmp.SnmpAgent;
import io.gatehouse.daemon.snmp.SnmpOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SNMP users and targets of the settings take effect without a restart. */
class SnmpSettingsTest {
  private static final String MONITOR =
      "createUser monitor SHA-256 \"correct horse battery\" AES \"staple of the engine\"\n";
  private static final String NOC = MONITOR.replace("monitor", "noc");

  @TempDir Path directory;
  private Path file;
  private Path users;
  private Instant time = Instant.parse("2026-01-01T00:00:00Z");
  private SnmpAgent agent;
  private SnmpSettings settings;

  @BeforeEach
  void start() throws Exception {
    file = directory.resolve("gatehouse.properties");
    users = directory.resolve("snmp-users");
    write(file, "gatehouse.snmp.users=" + users + "\n");
    write(users, MONITOR);
    agent =
        SnmpAgent.start(
            new SnmpOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), directory, "test"),
            () -> new GatewayStatus("0", "", 0, 0, List.of()),
            () -> 0);
    settings = new SnmpSettings(read(), file, this::read, agent);
    settings.look();
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private Settings read() throws SettingsException {
    return SettingsSource.open(Map.of(SettingsSource.FILE, file.toString()), Map.of(), Map.of())
        .settings();
  }

  /** At a later time each, as an editor does. */
  private void write(Path to, String text) throws IOException {
    Files.writeString(to, text);
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-------"));
    time = time.plusSeconds(1);
    Files.setLastModifiedTime(to, FileTime.from(time));
  }

  @Test
  void theAgentAnswersThemAndKeepsNothingOfThem() throws IOException {
    assertThat(agent.users().list()).containsExactly("monitor");
    assertThat(agent.users().configured()).containsExactly("monitor");
    assertThat(agent.listening()).isPresent();
    assertThat(directory.resolve("snmp.users")).doesNotExist();
  }

  @Test
  void whatChangesTakesEffect() throws IOException {
    write(users, NOC);
    settings.look();
    assertThat(agent.users().list()).containsExactly("noc");

    write(file, "gatehouse.snmp.users=" + users + "\ngatehouse.snmp.targets=noc@192.0.2.1:162\n");
    settings.look();
    assertThat(agent.targets()).containsExactly(new SnmpTarget("192.0.2.1:162", "noc", false));
    assertThat(agent.notifications().isWanted()).isTrue();

    write(file, "");
    settings.look();
    assertThat(agent.users().list()).isEmpty();
    assertThat(agent.targets()).isEmpty();
    assertThat(agent.listening()).isEmpty();
  }

  @Test
  void whatComesAndGoesInTheFragmentsTakesEffectAsWell() throws IOException {
    Path fragments = Files.createDirectory(directory.resolve("conf.d"));
    Path noc = fragments.resolve("50-noc.properties");
    write(noc, "gatehouse.snmp.targets=monitor@192.0.2.1:162\n");
    settings.look();
    assertThat(agent.targets()).containsExactly(new SnmpTarget("192.0.2.1:162", "monitor", false));

    write(noc, "gatehouse.snmp.targets=monitor@192.0.2.2:162\n");
    settings.look();
    assertThat(agent.targets()).containsExactly(new SnmpTarget("192.0.2.2:162", "monitor", false));

    Files.delete(noc);
    settings.look();
    assertThat(agent.targets()).isEmpty();
  }

  @Test
  void aReceiverOfInformsNeedsAUserOfItsOwnInTheFile() throws IOException {
    String target = "gatehouse.snmp.targets=inform:theirs@192.0.2.1:162\n";
    write(file, "gatehouse.snmp.users=" + users + "\n" + target);
    settings.look();
    assertThat(agent.targets()).isEmpty();

    write(users, MONITOR + MONITOR.replace("createUser monitor", "informUser theirs"));
    settings.look();
    assertThat(agent.targets()).containsExactly(new SnmpTarget("192.0.2.1:162", "theirs", true));
    assertThat(agent.configuredTargets()).isEqualTo(1);
    assertThat(agent.users().list()).containsExactly("monitor");
    assertThat(agent.notifications().isWanted()).isFalse(); // it has not said its engine ID yet
  }

  @Test
  void whatCannotBeUsedChangesNothingAndIsTakenOnceItIsPutRight() throws IOException {
    write(users, "nonsense\n");
    settings.look();
    assertThat(agent.users().list()).containsExactly("monitor");

    write(file, "gatehouse.snmp.users=relative\n");
    settings.look();
    assertThat(agent.users().list()).containsExactly("monitor");

    write(file, "gatehouse.snmp.users=" + users + "\n");
    write(users, NOC);
    settings.look();
    assertThat(agent.users().list()).containsExactly("noc");
  }

  @Test
  void thoseOfTheSettingsAreChangedThereAlone() throws IOException {
    agent.users().add("other", "correct horse battery", "staple of the engine");
    assertThat(agent.users().list()).containsExactly("monitor", "other");
    assertThatThrownBy(() -> agent.users().remove("monitor"))
        .hasMessageContaining("gatehouse.snmp.users");
    assertThatThrownBy(
            () -> agent.users().add("monitor", "correct horse battery", "staple of the engine"))
        .hasMessageContaining("gatehouse.snmp.users");

    write(users, MONITOR + MONITOR.replace("monitor", "other"));
    settings.look();
    assertThat(agent.users().configured()).containsExactly("monitor");
    assertThat(agent.users().remove("other")).isTrue();
    assertThat(agent.users().list()).containsExactly("monitor");
  }
}
