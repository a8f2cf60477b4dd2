// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The timers of section 6 of the paper, with the kernel's values. Alice knows where Bob is. */
class TimersTest {
  private final SimulatedNetwork network = new SimulatedNetwork();
  private final SimulatedHost alice = new SimulatedHost(network, 1);
  private final SimulatedHost bob = new SimulatedHost(network, 2);

  @BeforeEach
  void peers() {
    alice.knows(bob, true);
    bob.knows(alice, false);
  }

  private void session() {
    alice.send("hello");
    network.pass(0.1);
    assertThat(bob.received).contains("hello");
  }

  @Test
  void nothingIsSentAndNothingIsDueWithoutTraffic() {
    network.pass(1000);
    assertThat(alice.sent).isEmpty();
    assertThat(alice.advance()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void stagedPacketsGoOutInOrderWhenTheResponseCame() {
    alice.send("one");
    alice.send("two");
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(1);
    network.pass(0.1);
    assertThat(bob.received).containsExactly("one", "two");
    assertThat(alice.keepalives()).isZero();
  }

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
  void aKeepaliveAnswersDataAfterTenSecondsOfSilenceAndIsNotAnsweredItself() {
    session();
    network.pass(9.8);
    assertThat(bob.keepalives()).isZero();
    network.pass(0.2);
    assertThat(bob.keepalives()).isEqualTo(1);
    network.pass(90);
    assertThat(bob.keepalives()).isEqualTo(1);
    assertThat(alice.keepalives()).isZero();
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(1);
  }

  @Test
  void noKeepaliveIsOwedWhenDataWentBack() {
    session();
    network.pass(5);
    bob.send("answer");
    network.pass(8);
    assertThat(bob.keepalives()).isZero();
  }

  @Test
  void dataUnansweredForFifteenSecondsBringsANewHandshake() {
    session();
    network.pass(20);
    network.loss = datagram -> true;
    alice.send("into the void");
    network.pass(5);
    alice.send("no delay");
    network.pass(9.9);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(1);
    network.pass(0.5);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(2);
  }

  @Test
  void initiationsAreRepeatedEveryFiveSecondsWithJitterUntilGivenUp() {
    network.loss = datagram -> true;
    alice.send("anybody");
    network.pass(200);
    var times = alice.sent.stream().map(SimulatedHost.Sent::atNanos).sorted().toList();
    assertThat(times).hasSize(20);
    for (int i = 1; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 1))
          .isBetween(Limits.REKEY_TIMEOUT, Limits.REKEY_TIMEOUT + Limits.JITTER);
    }
    assertThat(alice.staged()).isZero();
    assertThat(alice.peer().handshakeFailures()).isEqualTo(1);
  }

  @Test
  void eachInitiationHasItsOwnIndexEphemeralKeyAndLaterTimestamp() {
    network.loss = datagram -> true;
    alice.send("anybody");
    network.pass(30);
    assertThat(alice.sent.stream().map(s -> Handshake.getInt(s.octets(), 4)).distinct())
        .hasSameSizeAs(alice.sent);
    assertThat(
            alice.sent.stream()
                .map(
                    s -> java.util.Arrays.hashCode(java.util.Arrays.copyOfRange(s.octets(), 8, 40)))
                .distinct())
        .hasSameSizeAs(alice.sent);
  }

  @Test
  void newDataStartsAgainAfterGivingUp() {
    network.loss = datagram -> true;
    alice.send("anybody");
    network.pass(200);
    alice.send("again");
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(21);
  }

  @Test
  void aLostResponseIsMadeGoodByTheRetry() {
    network.loss = datagram -> datagram.type() == Messages.RESPONSE && network.elapsed() < 1e9;
    alice.send("patience");
    network.pass(6);
    assertThat(bob.received).containsExactly("patience");
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
  void allKeysAreGoneAfterThreeTimes180Seconds() {
    session();
    int index = Handshake.getInt(alice.sent.getLast().octets(), 4);
    assertThat(bob.device.sessionByIndex(index)).isNotNull();
    network.pass(541);
    assertThat(bob.device.sessionByIndex(index)).isNull();
    assertThat(bob.advance()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void persistentKeepaliveStartsAtOnceAndGoesOnEachInterval() {
    alice.persistentKeepalive(25);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(1);
    network.pass(101);
    assertThat(alice.keepalives()).isEqualTo(5);
    assertThat(bob.keepalives()).isZero();
    alice.persistentKeepalive(0);
    network.pass(60);
    assertThat(alice.keepalives()).isEqualTo(5);
  }

  @Test
  void persistentKeepaliveNeverStopsTrying() {
    network.loss = datagram -> true;
    alice.persistentKeepalive(25);
    network.pass(1000);
    network.loss = datagram -> false;
    network.pass(30);
    assertThat(alice.peer().sendingSession(network.now())).isNotNull();
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
  void downEndsEverythingAndUpStartsPersistentKeepalives() {
    alice.persistentKeepalive(25);
    network.pass(1);
    alice.device.down(network.now());
    alice.settle();
    network.pass(100);
    assertThat(alice.peer().sendingSession(network.now())).isNull();
    long initiations = alice.count(Messages.INITIATION);
    alice.device.up(network.now());
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(initiations + 1);
    network.pass(1);
    assertThat(alice.peer().sendingSession(network.now())).isNotNull();
  }

  @Test
  void aSessionIsRenewedLongBeforeItsCountersAreUsedUpAndRefusedAtTheirEnd() {
    session();
    Session session = alice.peer().sendingSession(network.now());
    session.sendCounter(Limits.REKEY_AFTER_MESSAGES + 1);
    network.pass(6);
    network.loss = datagram -> datagram.type() == Messages.INITIATION;
    alice.send("many");
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(2);
    session.sendCounter(Limits.REJECT_AFTER_MESSAGES - 1);
    alice.send("last");
    assertThat(alice.staged()).isZero();
    alice.send("one too many");
    assertThat(alice.staged()).isEqualTo(1);
    network.pass(0.1);
    assertThat(bob.received).contains("last").doesNotContain("one too many");
  }
}
