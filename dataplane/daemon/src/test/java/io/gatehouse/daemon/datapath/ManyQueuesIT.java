// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static io.gatehouse.daemon.datapath.Machine.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gatehouse.linux.LinuxException;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tunnel with two queues, and four peers with two each: nothing is lost, all stays in order. */
class ManyQueuesIT {
  private static final int PORT = 51820;
  private static final int PEERS = 4;

  private Machine a;
  private Machine b;
  private Tunnel tunnel;
  private final List<Tunnel> peers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    Machine[] pair = Machine.pair();
    a = pair[0];
    b = pair[1];
    a.withoutIpv6();
    b.withoutIpv6();
    tunnel = a.tunnel("wg0", Machine.queues(2));
    tunnel.apply(Changes.privateKey(HandMadePeer.randomKey()));
    tunnel.apply(Changes.port(PORT));
    PublicKey key = tunnel.snapshot().publicKey().orElseThrow();
    for (int i = 1; i <= PEERS; i++) {
      Tunnel peer = b.tunnel("wg" + i, Machine.queues(2));
      peers.add(peer);
      SecretKey secret = HandMadePeer.randomKey();
      peer.apply(Changes.privateKey(secret));
      peer.apply(Changes.port(PORT + i));
      peer.apply(Changes.peerAt(key, "203.0.113.1", PORT, "10.0.0.1/32"));
      tunnel.apply(
          Changes.peerAt(
              peer.snapshot().publicKey().orElseThrow(),
              "203.0.113.2",
              PORT + i,
              "10.0." + i + ".2/32"));
      b.ip("addr", "add", "10.0." + i + ".2/32", "peer", "10.0.0.1/32", "dev", "wg" + i);
      b.ip("link", "set", "wg" + i, "mtu", "1420", "up");
    }
    // All go by one address here; each peer's answers go back into the peer's own interface.
    for (int i = 1; i <= PEERS; i++) {
      b.ip("rule", "add", "from", "10.0." + i + ".2", "lookup", "" + (100 + i));
      b.ip("route", "add", "10.0.0.1/32", "dev", "wg" + i, "table", "" + (100 + i));
    }
    a.ip("addr", "add", "10.0.0.1/16", "dev", "wg0");
    a.ip("link", "set", "wg0", "mtu", "1420", "up");
    eventually("all are up", () -> tunnel.isUp() && peers.stream().allMatch(Tunnel::isUp));
  }

  @AfterEach
  void end() {
    tunnel.close();
    peers.forEach(Tunnel::close);
    a.close();
    b.close();
  }

  @Test
  void eachFlowStaysWholeAndInOrderAndTheFlowsSpread() throws Exception {
    for (int i = 1; i <= PEERS; i++) {
      Flows.pass(a, b, "10.0." + i + ".2", 6, 500);
    }

    assertThat(tunnel.pairs())
        .as("packets read from each queue")
        .allMatch(pair -> pair.transmit.packets.get() > 0);
    long received = tunnel.pairs().stream().mapToLong(pair -> pair.receive.packets.get()).sum();
    assertThat(received).isGreaterThanOrEqualTo(4 * 6 * 500);
    assertThat(DropCounts.all(tunnel).values()).containsOnly(0L);
    peers.forEach(peer -> assertThat(DropCounts.all(peer).values()).containsOnly(0L));
  }

  @Test
  void otherPortsAndNewSessionsAreTakenByAllQueues() throws Exception {
    Flows.pass(a, b, "10.0.1.2", 4, 50);
    for (int port = PORT + 10; port < PORT + 13; port++) {
      tunnel.apply(Changes.port(port));

      assertThat(a.run("ss", "-Huln", "sport", "=", ":" + port).lines()).hasSize(2);
      assertThat(a.run("ss", "-Huln").lines()).hasSize(2);
      // New keys as well, which every queue must begin to use.
      tunnel.apply(Changes.privateKey(HandMadePeer.randomKey()));
      PublicKey key = tunnel.snapshot().publicKey().orElseThrow();
      Tunnel peer = peers.getFirst();
      PublicKey before = peer.snapshot().peers().getFirst().publicKey();
      peer.apply(Changes.remove(before));
      peer.apply(Changes.peerAt(key, "203.0.113.1", port, "10.0.0.1/32"));
      a.run(
          "ping", "-q", "-c", "1", "-W", "10", "10.0.1.2"); // what waits for a session may be lost
      Flows.pass(a, b, "10.0.1.2", 6, 100);
      Flows.pass(b, a, "10.0.0.1", 6, 100);
    }
  }

  @Test
  void aPortThatAnotherTunnelHasIsRefusedThoughBothShareTheirsAmongQueues() {
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> peers.get(0).apply(Changes.port(PORT + 2)))
        .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EADDRINUSE"));
    assertThat(peers.get(0).snapshot().listenPort()).isEqualTo(PORT + 1);
  }

  @Test
  void theFirewallMarkIsOnWhatEachQueueSends() throws Exception {
    a.run(
        "nft",
        "add table inet t; add chain inet t o { type filter hook output priority 0; };"
            + " add rule inet t o udp sport "
            + PORT
            + " mark != 0x77 drop");
    tunnel.apply(Changes.fwMark(0x77));
    for (int i = 1; i <= PEERS; i++) {
      Flows.pass(a, b, "10.0." + i + ".2", 4, 20);
    }
    assertThat(tunnel.pairs()).allMatch(pair -> pair.transmit.packets.get() > 0);
  }

  @Test
  void itGoesOnInAnotherNamespace() throws Exception {
    try (Machine inner = Machine.alone()) {
      a.ip("link", "set", "wg0", "netns", inner.name());
      inner.ip("addr", "add", "10.0.0.1/16", "dev", "wg0");
      inner.ip("link", "set", "wg0", "up");
      eventually("it is up again", tunnel::isUp);

      Flows.pass(inner, b, "10.0.2.2", 6, 100);
      tunnel.close();
    }
  }
}
