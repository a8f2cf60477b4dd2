// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static io.gatehouse.daemon.Statuses.KEY_1;
import static io.gatehouse.daemon.Statuses.drifted;
import static io.gatehouse.daemon.Statuses.peer;
import static io.gatehouse.daemon.Statuses.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.PeerState;
import io.gatehouse.control.SnmpTarget;
import io.gatehouse.daemon.Statuses;
import io.gatehouse.daemon.events.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notifications as net-snmp's snmptrapd receives them, by the names of our MIB. */
class NotificationsIT {
  private static final String AUTH = "correct horse battery";
  private static final String PRIV = "staple of the engine";

  @TempDir Path state;
  @TempDir Path home;
  private final int port = freePort();
  private final String target = "127.0.0.1:" + port;
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private SnmpAgent agent;
  private Process trapd;

  @BeforeEach
  void start() throws IOException {
    agent = open();
    agent.users().add("monitor", AUTH, PRIV);
  }

  private SnmpAgent open() throws IOException {
    return SnmpAgent.start(
        new SnmpOptions(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), state, "gate.example"),
        () -> Statuses.gateway(0),
        () -> 0);
  }

  @AfterEach
  void stop() throws InterruptedException {
    agent.close();
    if (trapd != null) {
      trapd.destroy();
      trapd.waitFor();
    }
  }

  private static int freePort() {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts snmptrapd, which knows one user; returns when it listens. */
  private void receive(String user) throws Exception {
    Files.writeString(
        home.resolve("snmptrapd.conf"),
        """
        createUser %s
        authUser log ours priv
        doNotLogTraps no
        format2 %%N %%v\\n
        """
            .formatted(user));
    ProcessBuilder builder =
        new ProcessBuilder(
                "/usr/sbin/snmptrapd",
                "-f",
                "-Lo",
                "-C",
                "-c",
                home.resolve("snmptrapd.conf").toString(),
                "-M",
                MibIT.PATH,
                "-m",
                "WG-GATEWAY-MIB",
                "-p",
                home.resolve("pid").toString(),
                "udp:" + target)
            .redirectErrorStream(true);
    builder.environment().put("SNMP_PERSISTENT_DIR", home.toString());
    builder.environment().put("SNMPCONFPATH", home.toString());
    trapd = builder.start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(trapd.getInputStream(), StandardCharsets.UTF_8));
    Thread.ofVirtual()
        .start(
            () -> {
              try (lines) {
                lines.lines().forEach(received::add);
              } catch (IOException | UncheckedIOException e) {
                // It was ended.
              }
            });
    assertThat(line("NET-SNMP version")).isNotEmpty();
  }

  /** The next line that contains a text. */
  private String line(String text) throws InterruptedException {
    StringBuilder others = new StringBuilder();
    for (String line = received.poll(60, TimeUnit.SECONDS);
        line != null;
        line = received.poll(60, TimeUnit.SECONDS)) {
      if (line.contains(text)) {
        return line;
      }
      others.append(line).append('\n');
    }
    throw new AssertionError("no line with " + text + " in:\n" + others);
  }

  private String engineId() throws IOException {
    return Files.readAllLines(state.resolve("snmp.engine")).stream()
        .filter(line -> line.startsWith("engine "))
        .findFirst()
        .orElseThrow()
        .substring("engine ".length());
  }

  @Test
  void everyEventArrivesAsATrapWithNamesAndValues() throws Exception {
    receive("-e 0x" + engineId() + " ours SHA-256 \"" + AUTH + "\" AES \"" + PRIV + "\"");
    agent.users().add("ours", AUTH, PRIV);
    assertThat(agent.notifications().isWanted()).isFalse();
    agent.addTrapTarget(target, "ours");
    assertThat(agent.notifications().isWanted()).isTrue();
    var peer = peer(KEY_1, PeerState.UP);

    agent.notifications().accept(new Event.PeerUp(tunnel(), peer));
    assertThat(line("wgPeerUp"))
        .contains("ifName.7", "wg0", "wgPeerPublicKey.7.1", KEY_1, "wgPeerName.7.1", "laptop")
        .contains("wgPeerEndpointPort.7.1");
    agent.notifications().accept(new Event.PeerDown(tunnel(), peer));
    assertThat(line("wgPeerDown")).contains("wgPeerState.7.1", "wgPeerLastHandshakeAge.7.1", "33");
    agent.notifications().accept(new Event.HandshakeFailed(tunnel(), peer));
    assertThat(line("wgPeerHandshakeFailed")).contains("wgPeerHandshakeFailures.7.1", "32");
    agent.notifications().accept(new Event.LoadChanged(tunnel(), true));
    assertThat(line("wgDeviceLoadChanged")).contains("wgDeviceUnderLoad.7", "true");
    agent.notifications().accept(new Event.DriftChanged(drifted(), drifted().effectiveDrift()));
    assertThat(line("wgDeviceDriftChanged"))
        .contains("ifName.7", "wg0", "wgDeviceDrift.7", "Gauge32: 1")
        .contains("device listen port: the file says 51820, and 4000 runs");
    agent.notifications().accept(new Event.ConfigApplied("wg0.conf"));
    assertThat(line("wgGwConfigApplied")).contains("wgGwNotifyFile.0", "wg0.conf");
    agent.notifications().accept(new Event.ConfigRejected("wg0.conf", "line 3 is wrong"));
    assertThat(line("wgGwConfigRejected")).contains("wgGwNotifyText.0", "line 3 is wrong");
    agent.notifications().accept(new Event.QuotaReached(tunnel(), peer));
    assertThat(line("wgPeerQuotaReached")).contains("laptop");
    agent.notifications().accept(new Event.PeerExpired(tunnel(), peer));
    assertThat(line("wgPeerExpired")).contains("laptop");
    agent.notifications().accept(new Event.LinkDown(tunnel()));
    assertThat(line(".1.5.3")).contains("ifIndex.7");
    agent.notifications().accept(new Event.LinkUp(tunnel()));
    assertThat(line(".1.5.4")).contains("ifIndex.7");
    agent.notifications().accept(new Event.Started());
    assertThat(line(".1.5.1")).contains("Timeticks");
    agent.notifications().accept(new Event.Test("hello"));
    assertThat(line("wgGwTest")).contains("hello");
  }

  @Test
  void anInformArrivesAndIsKeptOverARestart() throws Exception {
    receive("ours SHA-512 \"" + AUTH + "\" AES-256 \"" + PRIV + "\"");
    agent.addInformTarget(target, "ours", "SHA-512", "AES-256", AUTH, PRIV);
    agent.notifications().accept(new Event.Test("one"));
    assertThat(line("wgGwTest")).contains("one");

    agent.close();
    agent = open();

    assertThat(agent.targets()).containsExactly(new SnmpTarget(target, "ours", true));
    assertThat(Files.readString(state.resolve("snmp.targets"))).doesNotContain(AUTH, PRIV);
    agent.notifications().accept(new Event.Test("two"));
    assertThat(line("wgGwTest")).contains("two");
    assertThat(agent.removeTarget(target)).isTrue();
    assertThat(agent.removeTarget(target)).isFalse();
    assertThat(agent.notifications().isWanted()).isFalse();
  }

  @Test
  void anInformOfTheSettingsArrivesOnceItsReceiverIsThere() throws Exception {
    UsersFile.Given ours =
        new UsersFile.Given("ours", Protection.of("SHA-256", "AES-128"), AUTH, PRIV);
    agent.configure(List.of(), List.of(ours), SnmpOptions.targets("inform:ours@" + target));
    assertThat(agent.targets()).containsExactly(new SnmpTarget(target, "ours", true));
    assertThat(agent.notifications().isWanted()).isFalse();

    receive("ours SHA-256 \"" + AUTH + "\" AES \"" + PRIV + "\"");
    agent.findReceivers();
    assertThat(agent.notifications().isWanted()).isTrue();
    agent.notifications().accept(new Event.Test("by the settings"));
    assertThat(line("wgGwTest")).contains("by the settings");
    assertThat(agent.targets()).containsExactly(new SnmpTarget(target, "ours", true));
    assertThat(agent.configuredTargets()).isEqualTo(1);
    assertThat(state.resolve("snmp.targets")).doesNotExist();
    assertThatThrownBy(
            () ->
                agent.configure(List.of(), List.of(), SnmpOptions.targets("inform:ours@" + target)))
        .hasMessageContaining("informUser ours");
  }

  @Test
  void aTargetThatCannotServeIsRefused() {
    assertThatThrownBy(() -> agent.addTrapTarget(target, "nobody"))
        .hasMessageContaining("'nobody'");
    assertThatThrownBy(() -> agent.addTrapTarget("localhost:162", "monitor"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> agent.addInformTarget(target, "ours", "SHA-256", "AES-128", AUTH, PRIV))
        .hasMessageContaining("engine ID");
    assertThatThrownBy(() -> agent.addInformTarget(target, "ours", "MD5", "DES", AUTH, PRIV))
        .hasMessageContaining("SHA-256");
    assertThat(agent.targets()).isEmpty();
  }
}
