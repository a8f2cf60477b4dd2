// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.PEER;
import static io.gatehouse.daemon.interop.Example.file;
import static io.gatehouse.daemon.interop.Example.startPeer;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The data plane ends in whatever way and starts again: the peer need not do anything. */
class RestartIT {
  private Lab lab;

  @BeforeEach
  void start() {
    lab = new Lab();
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void afterAKillTheGatewayGreetsThePeerThatOnlyItsSessionKnew() throws IOException {
    Gatehouse gatehouse = Gatehouse.start(lab, lab.gateway);
    // The file names no endpoint: where the peer is was learnt from its packets.
    gatehouse.drop("wg0.conf", file().replace("Endpoint = 203.0.113.2:51822\n", ""));
    eventually("wg0 is up", this::isUp, gatehouse.daemon()::log);
    startPeer(lab, "192.168.200.1/24", "10.0.0.1/32", "203.0.113.1:51821");
    pings(lab.peer, "10.0.0.1");
    eventually("the peer is written down", () -> lastKnown().contains(PEER.publicKey()));
    long before = handshake();
    letThePeerBeginNothing();

    gatehouse.daemon().kill();

    assertThat(lab.gateway.hasLink("wg0")).isFalse();
    assertThat(lab.gateway.run("ip", "route", "show", "table", "all"))
        .doesNotContain("192.168.200.0");
    Gatehouse again = Gatehouse.start(lab, lab.gateway);
    eventually("the peer has a new session", () -> handshake() > before, again.daemon()::log);
    pings(lab.peer, "10.0.0.1");
  }

  @Test
  void afterAStopAndAStartTheSameHolds() throws IOException {
    Gatehouse gatehouse = Gatehouse.start(lab, lab.gateway);
    gatehouse.drop("wg0.conf", file().replace("Endpoint = 203.0.113.2:51822\n", ""));
    eventually("wg0 is up", this::isUp, gatehouse.daemon()::log);
    startPeer(lab, "192.168.200.1/24", "10.0.0.1/32", "203.0.113.1:51821");
    pings(lab.peer, "10.0.0.1");
    long before = handshake();
    letThePeerBeginNothing();
    WgShow.Peer counted = WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey());
    assertThat(counted.received()).isPositive();

    gatehouse.daemon().close();

    Gatehouse again = Gatehouse.start(lab, lab.gateway);
    eventually("the peer has a new session", () -> handshake() > before, again.daemon()::log);
    pings(lab.peer, "10.0.0.1");
    // The counters have gone on, and not begun anew.
    WgShow.Peer counts = WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey());
    assertThat(counts.received()).isGreaterThan(counted.received());
    assertThat(counts.sent()).isGreaterThan(counted.sent());
  }

  /** Initiations have 148 octets, 156 with the UDP header; nothing else of that length matters. */
  private void letThePeerBeginNothing() {
    lab.peer.run("nft", "add", "table", "inet", "silence");
    lab.peer.run(
        "nft",
        "add chain inet silence out { type filter hook output priority 0 ; policy accept ; }");
    lab.peer.run("nft", "add", "rule", "inet", "silence", "out", "udp", "length", "156", "drop");
  }

  /** Routes come last. */
  private boolean isUp() {
    return lab.gateway.run("ip", "route", "show", "table", "all").contains("192.168.200.0");
  }

  /** When the peer's session began, in seconds since 1970. */
  private long handshake() {
    String line = lab.peer.run("wg", "show", "wg0", "latest-handshakes").strip();
    return Long.parseLong(line.substring(line.indexOf('\t') + 1));
  }

  private String lastKnown() {
    Path file = lab.gateway.home().resolve("state/last-known");
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return "";
    }
  }
}
