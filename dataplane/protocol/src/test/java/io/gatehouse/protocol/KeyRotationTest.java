// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who makes new keys and when, and which keys serve meanwhile (paper, 6.2 and 6.3). */
class KeyRotationTest extends TwoHosts {
  @Test
  void theInitiatorConfirmsAtOnceWithAKeepaliveWhenNothingIsStaged() {
    alice.persistentKeepalive(25);
    network.pass(0.1);
    assertThat(alice.keepalives()).isEqualTo(1);
    bob.send("at last");
    network.pass(0.1);
    assertThat(alice.received).containsExactly("at last");
    assertThat(bob.count(Messages.INITIATION)).isZero();
  }

  @Test
  void theResponderDoesNotSendBeforeItHeardUnderTheNewKeys() {
    network.loss = datagram -> datagram.type() == Messages.DATA;
    alice.send("lost");
    network.pass(0.1);
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(1);
    bob.send("waits");
    network.pass(0.1);
    assertThat(bob.count(Messages.DATA)).isZero();
    assertThat(bob.staged()).isEqualTo(1);
  }

  @Test
  void theInitiatorRenewsKeysWhenItSendsAfter120Seconds() {
    session();
    for (int i = 0; i < 119; i++) {
      network.pass(1);
      alice.send("a" + i);
      bob.send("b" + i);
    }
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(1);
    network.pass(1.1);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(1);
    alice.send("trigger");
    alice.send("and once only");
    network.pass(0.1);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(2);
    assertThat(bob.count(Messages.INITIATION)).isZero();
    assertThat(bob.received).hasSize(122).contains("trigger", "and once only");
    assertThat(alice.drops).isEmpty();
    assertThat(bob.drops).isEmpty();
  }

  @Test
  void theResponderDoesNotRenewKeys() {
    session();
    network.pass(130);
    bob.send("late");
    network.pass(1);
    assertThat(bob.count(Messages.INITIATION)).isZero();
    assertThat(alice.received).contains("late");
  }

  @Test
  void theInitiatorThatOnlyReceivesRenewsKeysOnceAfter165Seconds() {
    session();
    network.loss = datagram -> datagram.type() == Messages.INITIATION;
    network.pass(164);
    bob.send("early");
    network.pass(0.5);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(1);
    network.pass(0.6);
    bob.send("late");
    network.pass(0.1);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(2);
    bob.send("later");
    network.pass(0.1);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(2);
  }

  @Test
  void keysServeNobodyAfter180Seconds() {
    session();
    network.pass(181);
    assertThat(alice.peer().sendingSession(network.now())).isNull();
    bob.send("stale");
    assertThat(bob.count(Messages.INITIATION)).isEqualTo(1);
    network.pass(1);
    assertThat(alice.received).contains("stale");
  }

  @Test
  void packetsUnderOldKeysAreRefusedAfter180Seconds() {
    session();
    alice.send("kept back");
    byte[] kept = alice.sent.getLast().octets();
    network.loss = datagram -> true;
    network.pass(180.2);
    bob.deliver(kept, alice.address);
    assertThat(bob.drops).contains(DropReason.KEYPAIR_EXPIRED);
  }

  @Test
  void crossingInitiationsGiveBothASession() {
    bob.apply(
        new PeerChange(
            alice.publicKey(),
            false,
            true,
            java.util.Optional.empty(),
            java.util.Optional.of(alice.address),
            java.util.OptionalInt.empty(),
            false,
            java.util.List.of()));
    alice.send("from alice");
    bob.send("from bob");
    network.pass(1);
    assertThat(bob.received).containsExactly("from alice");
    assertThat(alice.received).containsExactly("from bob");
    alice.send("again");
    bob.send("again");
    network.pass(1);
    assertThat(bob.received).hasSize(2);
    assertThat(alice.received).hasSize(2);
    assertThat(alice.count(Messages.INITIATION) + bob.count(Messages.INITIATION)).isEqualTo(2);
  }

  @Test
  void packetThreadsWakeTheControlThreadSeldomDuringSteadyTraffic() {
    session();
    int before = alice.services;
    for (int i = 0; i < 1000; i++) {
      alice.send("x");
      bob.send("y");
      network.pass(0.05);
    }
    assertThat(alice.services - before).isLessThan(25);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(1);
  }

  @Test
  void keepalivesRenewKeysAsDataDoes() {
    alice.persistentKeepalive(25);
    network.pass(119);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(1);
    network.pass(10);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(2);
  }

  @Test
  void steadyTrafficRenewsKeysEach120SecondsAndNoMoreOften() {
    session();
    for (int i = 0; i < 600; i++) {
      network.pass(1);
      alice.send("a" + i);
      bob.send("b" + i);
    }
    network.pass(1);
    assertThat(alice.count(Messages.INITIATION)).isBetween(5L, 6L);
    assertThat(bob.count(Messages.INITIATION)).isZero();
    assertThat(bob.received).hasSize(601);
    assertThat(alice.received).hasSize(600);
  }

  @Test
  void theResponderThatOnlyReceivesDoesNotRenewKeys() {
    session();
    network.loss = datagram -> datagram.type() == Messages.INITIATION;
    network.pass(170);
    alice.send("late");
    network.pass(1);
    assertThat(bob.received).contains("late");
    assertThat(bob.count(Messages.INITIATION)).isZero();
  }

  /** A data packet of Alice that the network kept. */
  private byte[] keptBack() {
    network.loss = datagram -> datagram.type() == Messages.DATA;
    alice.send("kept back");
    network.loss = datagram -> false;
    return alice.sent.getLast().octets();
  }

  private void renew() {
    network.pass(121);
    alice.send("renew");
    network.pass(0.1);
  }

  @Test
  void packetsUnderThePreviousKeysAreStillTaken() {
    session();
    network.pass(100);
    byte[] kept = keptBack();
    network.pass(21);
    alice.send("renew");
    network.pass(0.1);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(2);
    bob.deliver(kept, alice.address);
    assertThat(bob.received).endsWith("kept back");
  }

  @Test
  void keysBeforeThePreviousAreGone() {
    session();
    byte[] kept = keptBack();
    renew();
    alice.send("confirm");
    renew();
    alice.send("confirm");
    network.pass(0.1);
    bob.deliver(kept, alice.address);
    assertThat(bob.received).doesNotContain("kept back");
    assertThat(bob.drops).containsExactly(DropReason.UNKNOWN_INDEX);
  }

  @Test
  void aNewHandshakeReplacesKeysThatWereNeverConfirmed() {
    network.loss = datagram -> datagram.type() == Messages.RESPONSE;
    alice.send("hello");
    network.pass(6);
    var responses = bob.sent.stream().map(s -> Handshake.getInt(s.octets(), 4)).toList();
    assertThat(responses).hasSize(2);
    assertThat(bob.device.sessionByIndex(responses.get(0))).isNull();
    assertThat(bob.device.sessionByIndex(responses.get(1))).isNotNull();
    assertThat(bob.peer().sendingSession(network.now())).isNull();
  }

  @Test
  void theKeysInUseServeUntilTheNextAreConfirmed() {
    exchange();
    Session before = sending(bob);
    network.pass(121);
    network.loss = datagram -> datagram.type() == Messages.RESPONSE;
    alice.send("renew");
    network.pass(1);
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(2);
    bob.send("under old keys");
    network.pass(0.1);
    assertThat(sending(bob)).isSameAs(before);
    assertThat(alice.received).contains("under old keys");
  }
}
