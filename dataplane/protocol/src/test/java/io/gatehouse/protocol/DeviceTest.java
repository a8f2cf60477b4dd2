// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handshakes, roaming, cookies and configuration between two devices. */
class DeviceTest {
  private final SimulatedNetwork network = new SimulatedNetwork();
  private final SimulatedHost alice = new SimulatedHost(network, 1);
  private final SimulatedHost bob = new SimulatedHost(network, 2);

  @BeforeEach
  void peers() {
    alice.knows(bob, true);
    bob.knows(alice, false);
  }

  private void exchange() {
    alice.send("ping");
    network.pass(0.1);
    bob.send("pong");
    network.pass(0.1);
    assertThat(bob.received).contains("ping");
    assertThat(alice.received).contains("pong");
  }

  private static SecretKey key(int seed) {
    byte[] octets = new byte[32];
    new Random(seed).nextBytes(octets);
    return SecretKey.of(octets);
  }

  private static DeviceChange privateKey(SecretKey key) {
    return new DeviceChange(
        Optional.of(key), OptionalInt.empty(), OptionalInt.empty(), false, List.of());
  }

  private static PeerChange add(PublicKey key, String... allowed) {
    return new PeerChange(
        key,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        false,
        Arrays.stream(allowed)
            .map(p -> new PeerChange.AllowedIpChange(Prefix.parse(p), false))
            .toList());
  }

  private static PeerChange remove(PublicKey key) {
    return new PeerChange(
        key,
        true,
        false,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        false,
        List.of());
  }

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
  void samePresharedKeysTalkAndDifferentOnesDoNot() {
    alice.presharedKey(key(1));
    bob.presharedKey(key(1));
    exchange();
    bob.presharedKey(key(2));
    network.pass(1);
    alice.send("the session goes".substring(0, 12));
    network.pass(1);
    assertThat(bob.received).hasSize(2);
    network.pass(200);
    alice.send("refused");
    network.pass(20);
    assertThat(bob.received).doesNotContain("refused");
    assertThat(alice.peer().drops(DropReason.AUTH_FAILED)).isPositive();
  }

  @Test
  void replayedPacketsAndInitiationsAreRefused() {
    exchange();
    byte[] data = alice.sent.getLast().octets();
    byte[] initiation = alice.sent.getFirst().octets();
    bob.deliver(data, alice.address);
    assertThat(bob.drops).containsExactly(DropReason.REPLAYED);
    long responses = bob.count(Messages.RESPONSE);
    network.pass(1);
    bob.deliver(initiation, alice.address);
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(responses);
    assertThat(bob.peer().drops(DropReason.REPLAYED)).isEqualTo(1);
  }

  @Test
  void theResponseIsTakenOnce() {
    exchange();
    byte[] response = bob.sent.getFirst().octets();
    assertThat(response[0]).isEqualTo((byte) Messages.RESPONSE);
    alice.deliver(response, bob.address);
    assertThat(alice.device.handshakeCounters().responsesIn()).isEqualTo(1);
    assertThat(alice.peer().drops(DropReason.UNKNOWN_INDEX)).isEqualTo(1);
  }

  @Test
  void anEndpointFollowsAuthenticatedPacketsOnly() {
    exchange();
    alice.address = SimulatedHost.address(7, 1234);
    byte[] forged = alice.sent.getLast().octets().clone();
    forged[forged.length - 1] ^= 1;
    bob.deliver(forged, SimulatedHost.address(9, 9));
    assertThat(bob.drops).containsExactly(DropReason.AUTH_FAILED);
    alice.send("moved");
    network.pass(0.1);
    assertThat(bob.peer().endpoint()).isEqualTo(alice.address);
    assertThat(bob.peer().endpointChanges()).isEqualTo(2);
    bob.send("found you");
    network.pass(0.1);
    assertThat(alice.received).contains("found you");
  }

  @Test
  void replaysDoNotRoam() {
    exchange();
    byte[] data = alice.sent.getLast().octets();
    bob.deliver(data, SimulatedHost.address(9, 9));
    assertThat(bob.peer().endpoint()).isEqualTo(alice.address);
  }

  @Test
  void underLoadAnInitiationWithoutCookieGetsOneAndTheNextRetryPasses() {
    bob.underLoad = true;
    alice.send("hello");
    network.pass(1);
    assertThat(bob.count(Messages.COOKIE_REPLY)).isEqualTo(1);
    assertThat(bob.count(Messages.RESPONSE)).isZero();
    assertThat(alice.count(Messages.INITIATION)).as("no answer at once").isEqualTo(1);
    assertThat(alice.device.handshakeCounters().cookiesIn()).isEqualTo(1);
    network.pass(6);
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(1);
    assertThat(bob.received).contains("hello");
  }

  @Test
  void aCookieServesOnlyItsAddressAndPort() {
    bob.underLoad = true;
    network.loss = datagram -> datagram.type() == Messages.RESPONSE;
    alice.send("hello");
    network.pass(6);
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(1);
    alice.address = SimulatedHost.address(1, 51821);
    network.pass(5.5);
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(1);
    assertThat(bob.count(Messages.COOKIE_REPLY)).isEqualTo(2);
  }

  @Test
  void aCookieReplyIsTakenOnceAndDoesNotRoam() {
    bob.underLoad = true;
    alice.send("hello");
    network.pass(0.1);
    byte[] reply = bob.sent.getFirst().octets();
    alice.deliver(reply, SimulatedHost.address(9, 9));
    assertThat(alice.device.handshakeCounters().cookiesIn()).isEqualTo(1);
    assertThat(alice.peer().endpoint()).isEqualTo(bob.address);
  }

  @Test
  void strangersGetNoAnswer() {
    SimulatedHost eve = new SimulatedHost(network, 3);
    eve.knows(bob, true);
    eve.send("let me in");
    network.pass(30);
    assertThat(bob.sent).isEmpty();
    assertThat(bob.device.drops(DropReason.UNKNOWN_PEER)).isPositive();
  }

  @Test
  void initiationsOfOnePeerFasterThan50ASecondAreRefused() {
    alice.send("hello");
    network.pass(0.015);
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(1);
    // The same key on another machine.
    SimulatedHost twin = new SimulatedHost(network, 1);
    twin.wallClock = twin.wallClock.plusSeconds(10);
    twin.knows(bob, true);
    twin.send("hello");
    network.pass(0.011);
    assertThat(bob.peer().drops(DropReason.RATE_LIMITED)).isEqualTo(1);
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(1);
  }

  @Test
  void aWallClockSetBackDoesNotLockUsOut() {
    exchange();
    alice.wallClock = alice.wallClock.minusSeconds(100_000);
    network.pass(200);
    alice.send("back");
    network.pass(1);
    assertThat(bob.received).contains("back");
  }

  @Test
  void timestampsStartAboveTheFloorAfterARestart() {
    exchange();
    long latest = alice.device.timestampToKeep();
    SimulatedHost restarted = new SimulatedHost(network, 1);
    restarted.wallClock = alice.wallClock.minusSeconds(100_000);
    restarted.device.timestampFloor(latest);
    restarted.knows(bob, true);
    network.pass(1);
    restarted.send("restarted");
    network.pass(1);
    assertThat(bob.received).contains("restarted");
  }

  @Test
  void peersWithLowOrderKeysNeverCauseAPacket() {
    for (String point : LowOrder.POINTS) {
      SimulatedHost host = new SimulatedHost(network, 20);
      byte[] octets = HexFormat.of().parseHex(point);
      PeerChange change = add(PublicKey.of(octets), "10.0.0.0/8");
      host.apply(
          new PeerChange(
              change.publicKey(),
              false,
              false,
              Optional.empty(),
              Optional.of(bob.address),
              OptionalInt.of(1),
              false,
              change.allowedIps()));
      host.send("x");
      network.pass(30);
      assertThat(host.sent).as(point).isEmpty();
    }
  }

  @Test
  void aNewPrivateKeyEndsSessionsAndHandshakesAtOnce() {
    exchange();
    SecretKey fresh = key(77);
    byte[] octets = fresh.revealOctets();
    Primitives.clamp(octets);
    PublicKey freshPublic = PublicKey.of(Primitives.publicKey(octets));
    bob.apply(add(freshPublic, "0.0.0.0/0"));
    bob.apply(remove(alice.publicKey()));
    alice.apply(privateKey(fresh));
    assertThat(alice.peer().sendingSession(network.now())).isNull();
    alice.send("new key");
    network.pass(0.1);
    assertThat(bob.received).contains("new key");
  }

  @Test
  void theSamePrivateKeyAgainChangesNothing() {
    exchange();
    Session session = alice.peer().sendingSession(network.now());
    alice.apply(privateKey(alice.device.snapshot(0).privateKey().orElseThrow()));
    assertThat(alice.peer().sendingSession(network.now())).isSameAs(session);
  }

  @Test
  void thePrivateKeyIsShownClamped() {
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 0xff);
    alice.apply(privateKey(SecretKey.of(ones)));
    assertThat(alice.device.snapshot(0).privateKey().orElseThrow().revealHex())
        .startsWith("f8ff")
        .endsWith("ff7f");
  }

  @Test
  void aZeroPrivateKeyClearsIt() {
    exchange();
    alice.apply(privateKey(SecretKey.of(new byte[32])));
    assertThat(alice.device.snapshot(0).privateKey()).isEmpty();
    long sent = alice.sent.size();
    alice.send("x");
    network.pass(30);
    assertThat(alice.sent).hasSize((int) sent);
  }

  @Test
  void ourOwnKeyAsPeerIsLeftOut() {
    alice.apply(add(alice.publicKey(), "10.0.0.0/8"));
    assertThat(alice.device.peers()).hasSize(1);
    SecretKey bobsKey = bob.device.snapshot(0).privateKey().orElseThrow();
    alice.apply(privateKey(bobsKey));
    assertThat(alice.device.peers()).isEmpty();
    assertThat(alice.device.router().lookup4(1)).isNull();
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
  void anEndedSessionNeitherSealsNorOpens() {
    exchange();
    Session session = alice.peer().sendingSession(network.now());
    alice.device.down(network.now());
    var segment = java.lang.foreign.Arena.ofAuto().allocate(256);
    var aead = new io.gatehouse.protocol.aead.BouncyCastleAead();
    assertThat(DropReason.ofCode(session.seal(aead, segment, 0, 16)))
        .isEqualTo(DropReason.KEYPAIR_EXPIRED);
    assertThat(DropReason.ofCode(session.open(aead, segment, 0, 48, network.now())))
        .isEqualTo(DropReason.KEYPAIR_EXPIRED);
  }

  @Test
  void noMessageHoweverMutilatedThrowsOrIsAnswered() {
    exchange();
    Random random = new Random(11);
    List<byte[]> genuine =
        List.of(alice.sent.getFirst().octets(), bob.sent.getFirst().octets(), new byte[64]);
    int answers = bob.sent.size();
    for (int i = 0; i < 3000; i++) {
      byte[] message = genuine.get(random.nextInt(genuine.size())).clone();
      int changes = 1 + random.nextInt(3);
      for (int c = 0; c < changes; c++) {
        message[random.nextInt(message.length)] ^= (byte) (1 + random.nextInt(255));
      }
      if (random.nextInt(4) == 0) {
        message = Arrays.copyOf(message, random.nextInt(200));
      }
      bob.device.receive(
          message, message.length, SimulatedHost.address(9, 9), false, network.now());
    }
    assertThat(bob.sent).hasSize(answers);
  }
}
