// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static io.gatehouse.daemon.datapath.Machine.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Under a flood of handshakes with a right MAC1 from forged addresses the tunnel goes on: who has a
 * session keeps it, who is new gets in by a cookie, nothing grows. Needs root.
 */
class HandshakeFloodIT {
  private static final int PORT = 51820;

  @Test
  void whoHasASessionKeepsItAndWhoIsNewGetsInByTheCookie() throws Exception {
    Machine[] pair = Machine.pair();
    try (Machine a = pair[0];
        Machine b = pair[1];
        Tunnel tunnel = a.tunnel("wg0");
        Tunnel established = b.tunnel("wg0");
        Tunnel newcomer = b.tunnel("wg1");
        UdpSocket forger = b.inside(() -> UdpSocket.bind(0, UdpSocket.Options.PLAIN))) {
      a.withoutIpv6();
      PublicKey key = key(tunnel);
      tunnel.apply(Changes.port(PORT));
      tunnel.apply(Changes.peer(key(established), "10.0.0.1/32"));
      tunnel.apply(Changes.peer(key(newcomer), "10.0.0.3/32"));
      established.apply(Changes.peerAt(key, "203.0.113.1", PORT, "10.0.0.2/32"));
      newcomer.apply(Changes.peerAt(key, "203.0.113.1", PORT, "10.0.0.4/32"));
      a.ip("addr", "add", "10.0.0.2/24", "dev", "wg0");
      a.ip("addr", "add", "10.0.0.4/24", "dev", "wg0");
      b.ip("addr", "add", "10.0.0.1/32", "dev", "wg0");
      b.ip("addr", "add", "10.0.0.3/32", "dev", "wg1");
      a.ip("link", "set", "wg0", "up");
      b.ip("link", "set", "wg0", "up");
      b.ip("link", "set", "wg1", "up");
      b.ip("route", "add", "10.0.0.2/32", "dev", "wg0", "src", "10.0.0.1");
      b.ip("route", "add", "10.0.0.4/32", "dev", "wg1", "src", "10.0.0.3");
      b.ip("route", "add", "local", "198.18.0.0/15", "dev", "lo");
      a.ip("route", "add", "198.18.0.0/15", "via", "203.0.113.2");
      eventually("all are up", () -> tunnel.isUp() && established.isUp() && newcomer.isUp());
      assertThat(b.ping("10.0.0.2", 5)).isEqualTo(5);
      long handshake = lastHandshake(tunnel, key(established));

      HandshakeFlood flood =
          new HandshakeFlood(
              key, new InetSocketAddress(InetAddress.ofLiteral("203.0.113.1"), PORT));
      AtomicBoolean over = new AtomicBoolean();
      Thread flooder =
          Thread.ofPlatform()
              .start(
                  () -> {
                    // Bursts that overflow the queue, and rests in which it may be emptied: how
                    // fast
                    // it is emptied is no part of the test.
                    while (!over.get()) {
                      for (int i = 0; i < 4 * HandshakeQueue.CAPACITY; i += 64) {
                        flood.send(forger, 64);
                      }
                      LockSupport.parkNanos(250_000_000);
                    }
                  });
      try {
        eventually("cookies are asked for", () -> tunnel.drops().get(DropReason.BAD_COOKIE) > 1000);
        eventually("the queue is full", () -> tunnel.drops().get(DropReason.QUEUE_FULL) > 0);

        Process ping = b.start("ping", "-i", "0.2", "10.0.0.4");
        eventually("the newcomer has a session", () -> lastHandshake(tunnel, key(newcomer)) > 0);
        ping.destroy();
        assertThat(b.ping("10.0.0.4", 20)).isPositive();
        assertThat(b.ping("10.0.0.2", 20)).isPositive();
      } finally {
        over.set(true);
        flooder.join();
      }

      // Not one forged message got as far as a peer, and the session is still the first one.
      assertThat(tunnel.snapshot().peers()).hasSize(2);
      assertThat(lastHandshake(tunnel, key(established))).isEqualTo(handshake);
      assertThat(tunnel.drops().get(DropReason.UNKNOWN_PEER))
          .isLessThan(tunnel.drops().get(DropReason.BAD_COOKIE));
      assertThat(b.ping("10.0.0.2", 5)).isEqualTo(5);
      assertThat(b.ping("10.0.0.4", 5)).isEqualTo(5);
    }
  }

  private static PublicKey key(Tunnel tunnel) {
    return tunnel.snapshot().publicKey().orElseGet(() -> given(tunnel));
  }

  private static PublicKey given(Tunnel tunnel) {
    SecretKey key = HandMadePeer.randomKey();
    try {
      tunnel.apply(Changes.privateKey(key));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return tunnel.snapshot().publicKey().orElseThrow();
  }

  private static long lastHandshake(Tunnel tunnel, PublicKey peer) {
    return tunnel.snapshot().peers().stream()
        .filter(known -> known.publicKey().equals(peer))
        .findAny()
        .orElseThrow()
        .lastHandshakeEpochNanos();
  }
}
