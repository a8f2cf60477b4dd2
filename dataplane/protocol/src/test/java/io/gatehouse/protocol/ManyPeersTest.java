// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What many thousand idle peers cost. */
class ManyPeersTest {
  private static final int PEERS = 10_000;

  private final SimulatedNetwork network = new SimulatedNetwork();
  private final SimulatedHost host = new SimulatedHost(network, 1);

  private static PublicKey key(int number) {
    byte[] octets = new byte[32];
    new Random(number).nextBytes(octets);
    return PublicKey.of(octets);
  }

  private static DeviceChange peers(int count) throws UnknownHostException {
    List<PeerChange> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] address = ByteBuffer.allocate(4).putInt((10 << 24) + i).array();
      peers.add(
          new PeerChange(
              key(i),
              false,
              false,
              Optional.empty(),
              Optional.of(SimulatedHost.address(i, 51820)),
              OptionalInt.of(0),
              true,
              List.of(
                  new PeerChange.AllowedIpChange(
                      new Prefix(InetAddress.getByAddress(address), 32), false))));
    }
    return TwoHosts.change(peers.toArray(PeerChange[]::new));
  }

  @Test
  void allOfThemAreThereAndReached() throws UnknownHostException {
    host.apply(peers(PEERS));
    List<Peer> all = host.device.peers();
    assertThat(all).hasSize(PEERS);
    for (int i = 0; i < PEERS; i++) {
      Peer peer = host.device.router().lookup4((10 << 24) + i);
      assertThat(peer).isSameAs(all.get(i));
      if (i % 997 == 0) {
        assertThat(peer.publicKey()).isEqualTo(key(i));
      }
    }
    assertThat(host.sent).isEmpty();
    assertThat(host.advance()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void addingAPeerCostsNoX25519() throws UnknownHostException {
    host.apply(peers(PEERS));
    assertThat(host.device.keySlots().occupied().count()).as("the private key").isEqualTo(1);
  }

  @Test
  void whenAllAreDueAtOnceHandshakesGetTheirTurnInBetween() throws UnknownHostException {
    host.apply(peers(PEERS));
    host.device.peers().forEach(peer -> host.device.greet(peer, network.now()));
    assertThat(host.device.advance(network.now())).as("more is due").isEqualTo(network.now());
    assertThat(host.sent).isNotEmpty().hasSizeLessThan(100);
    for (int i = 0; i < 9; i++) {
      host.device.advance(network.now());
    }
    assertThat(host.sent).hasSizeGreaterThan(200);
  }

  @Test
  void anIdlePeerTakesLessThan1500Octets() throws UnknownHostException {
    Device device = new Device(host, new Random(1), Instant::now, network.now());
    device.apply(peers(100), network.now());
    long before = used();
    device.apply(peers(PEERS), network.now());
    long each = (used() - before) / (PEERS - 100);
    assertThat(device.peers()).hasSize(PEERS);
    assertThat(each).isLessThan(1500);
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
