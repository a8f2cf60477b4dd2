// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.SecretKey;
import org.junit.jupiter.api.Test;

/**
 * TAI64N timestamps against replayed initiations (paper, 5.1), and the limit of 50 initiations a
 * second.
 */
class TimestampTest extends TwoHosts {
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

  private byte[] initiation() {
    return alice.sent.getFirst().octets();
  }

  private void replayIsRefused() {
    long responses = bob.count(Messages.RESPONSE);
    Endpoint known = bob.peer().endpoint();
    bob.deliver(initiation(), SimulatedHost.address(9, 9));
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(responses);
    assertThat(bob.peer().endpoint()).isEqualTo(known);
  }

  @Test
  void whatWasSeenIsRememberedOverChangesOfConfiguration() {
    exchange();
    bob.presharedKey(key(1));
    replayIsRefused();
    bob.apply(endpoint(alice.publicKey(), SimulatedHost.address(5, 5)));
    replayIsRefused();
    bob.apply(add(alice.publicKey(), "10.0.0.0/8"));
    bob.apply(replacePeers(add(alice.publicKey())));
    replayIsRefused();
    assertThat(bob.peer().drops(DropReason.REPLAYED)).isEqualTo(3);
  }

  @Test
  void whatWasSeenIsRememberedWithoutSessions() {
    exchange();
    bob.down();
    bob.up();
    replayIsRefused();
    network.pass(2000);
    replayIsRefused();
    SecretKey own = bob.device.snapshot(0).privateKey().orElseThrow();
    bob.apply(privateKey(key(8)));
    bob.apply(privateKey(own));
    replayIsRefused();
  }

  @Test
  void aPeerThatRestartsWithAClockBehindIsLockedOutWithoutTheFloor() {
    exchange();
    SimulatedHost restarted = new SimulatedHost(network, 1);
    restarted.wallClock = alice.wallClock.minusSeconds(100_000);
    restarted.knows(bob, true);
    restarted.send("restarted");
    network.pass(20);
    assertThat(bob.received).doesNotContain("restarted");
    assertThat(bob.peer().drops(DropReason.REPLAYED)).isPositive();
  }

  @Test
  void aPeerThatRestartsWithItsClockRightGetsInAtOnce() {
    exchange();
    network.pass(1);
    SimulatedHost restarted = new SimulatedHost(network, 1);
    restarted.knows(bob, true);
    restarted.send("restarted");
    network.pass(0.1);
    assertThat(bob.received).contains("restarted");
  }

  @Test
  void aPeerRemovedAndAddedAgainAfterTheClockWasSetBackIsNotLockedOut() {
    exchange();
    alice.wallClock = alice.wallClock.minusSeconds(100_000);
    alice.apply(remove(bob.publicKey()));
    network.pass(1);
    alice.knows(bob, true);
    alice.send("back");
    network.pass(1);
    assertThat(bob.received).contains("back");
  }

  @Test
  void initiationsThatAreNotAuthenticDoNotHoldUpTheGenuineOne() {
    network.loss = datagram -> true;
    alice.send("hello");
    byte[] forged = initiation().clone();
    forged[100] ^= 1;
    Macs.write(forged, Macs.mac1Key(bob.publicKey().octets()), null);
    for (int i = 0; i < 20; i++) {
      bob.deliver(forged, alice.address);
    }
    bob.deliver(initiation(), alice.address);
    assertThat(bob.peer().drops(DropReason.AUTH_FAILED)).isEqualTo(20);
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(1);
  }
}
