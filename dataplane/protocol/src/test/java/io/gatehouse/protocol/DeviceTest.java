// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a change of configuration does to a device. */
class DeviceTest extends TwoHosts {
  @Test
  void packetsGoBothWaysAndAreCountedWithTheirHandshakes() {
    exchange();
    var snapshot = alice.device.snapshot(network.now()).peers().getFirst();
    assertThat(snapshot.txBytes()).isEqualTo(148 + 48);
    assertThat(snapshot.rxBytes()).isEqualTo(92 + 48);
    assertThat(snapshot.txPackets()).isEqualTo(1);
    assertThat(snapshot.state()).isEqualTo(DeviceSnapshot.PeerSnapshot.State.UP);
    assertThat(snapshot.lastHandshakeAgeNanos()).isBetween(0L, SimulatedNetwork.SECOND);
    assertThat(bob.device.handshakeCounters().completed()).isEqualTo(1);
  }

  @Test
  void anAllowedIpExistsOnceAndMoves() {
    PublicKey other = PublicKey.of(key(5).revealOctets());
    alice.apply(add(other, "10.0.0.0/8", "0.0.0.0/0"));
    var peers = alice.device.snapshot(0).peers();
    assertThat(peers.get(0).allowedIps()).isEmpty();
    assertThat(peers.get(1).allowedIps())
        .containsExactly(Prefix.parse("0.0.0.0/0"), Prefix.parse("10.0.0.0/8"));
    assertThat(alice.device.router().lookup4(1)).isSameAs(alice.device.peers().get(1));
  }

  @Test
  void replacingAllowedIpsTakesTheOldOnesAway() {
    alice.apply(
        new PeerChange(
            bob.publicKey(),
            false,
            true,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            true,
            List.of(new PeerChange.AllowedIpChange(Prefix.parse("10.0.0.0/8"), false))));
    assertThat(alice.device.router().lookup4(1)).isNull();
    assertThat(alice.device.router().lookup4(10 << 24)).isSameAs(alice.peer());
  }

  @Test
  void aRemovedPeerIsGoneWithItsSessionsAndRoutes() {
    exchange();
    Peer peer = bob.peer();
    Session session = peer.sendingSession(network.now());
    bob.apply(remove(alice.publicKey()));
    assertThat(peer.isRemoved()).isTrue();
    assertThat(peer.sendingSession(network.now())).isNull();
    assertThat(bob.device.sessionByIndex(session.localIndex())).isNull();
    assertThat(bob.device.router().lookup4(1)).isNull();
    assertThat(bob.advance()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void updateOnlyAddsNobodyAndReplacePeersKeepsTheSessionsOfTheNamed() {
    exchange();
    PublicKey other = PublicKey.of(key(5).revealOctets());
    alice.apply(
        new PeerChange(
            other,
            false,
            true,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            false,
            List.of()));
    assertThat(alice.device.peers()).hasSize(1);
    alice.apply(add(other));
    Session session = alice.peer().sendingSession(network.now());
    alice.apply(
        new DeviceChange(
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            true,
            List.of(add(bob.publicKey()))));
    assertThat(alice.device.peers()).hasSize(1);
    assertThat(alice.peer().sendingSession(network.now())).isSameAs(session);
  }

  @Test
  void anInvalidChangeChangesNothing() {
    PeerChange bad =
        new PeerChange(
            bob.publicKey(),
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.of(65536),
            false,
            List.of());
    var before = alice.device.snapshot(0);
    DeviceChange change =
        new DeviceChange(
            Optional.of(key(9)), OptionalInt.of(1), OptionalInt.of(2), true, List.of(bad));
    assertThatThrownBy(() -> alice.device.apply(change, network.now()))
        .isInstanceOf(InvalidChangeException.class)
        .hasMessageContaining("65536");
    assertThat(alice.device.snapshot(0)).isEqualTo(before);
  }

  @Test
  void noReaderSeesAGapWhileAllowedIpsAreReplacedOrMove() throws InterruptedException {
    PublicKey other = publicKey(key(5));
    alice.apply(add(other));
    alice.apply(replaceAllowedIps(bob.publicKey(), "10.0.0.0/8"));
    AtomicBoolean stopped = new AtomicBoolean();
    AtomicLong gaps = new AtomicLong();
    AtomicLong looks = new AtomicLong();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stopped.get()) {
                    looks.incrementAndGet();
                    if (alice.device.router().lookup4(10 << 24) == null) {
                      gaps.incrementAndGet();
                    }
                  }
                });
    for (int i = 0; i < 2000 || looks.get() < 10_000; i++) {
      alice.apply(replaceAllowedIps(bob.publicKey(), "10.0.0.0/8", "fd00::/8"));
      alice.apply(add(other, "10.0.0.0/8"));
      alice.apply(add(bob.publicKey(), "10.0.0.0/8"));
    }
    stopped.set(true);
    reader.join();
    assertThat(gaps).hasValue(0);
  }

  private static PeerChange replaceAllowedIps(PublicKey key, String... allowed) {
    return new PeerChange(
        key,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        true,
        add(key, allowed).allowedIps());
  }
}
