// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Initiations until somebody answers (paper, 6.4), and what waits for them. */
class RetryTest extends TwoHosts {
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
    for (SimulatedHost.Sent initiation : List.copyOf(alice.sent)) {
      network.pass(0.1);
      bob.deliver(initiation.octets(), alice.address);
    }
    assertThat(bob.count(Messages.RESPONSE)).as("each newer").isEqualTo(alice.sent.size());
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
  void theJitterIsNoConstant() {
    network.loss = datagram -> true;
    alice.send("anybody");
    network.pass(200);
    Set<Long> waits = new HashSet<>();
    for (int i = 1; i < alice.sent.size(); i++) {
      waits.add(alice.sent.get(i).atNanos() - alice.sent.get(i - 1).atNanos());
    }
    assertThat(waits).hasSize(19);
  }

  @Test
  void newPacketsRenewTheNinetySeconds() {
    network.loss = datagram -> true;
    alice.send("first");
    network.pass(60);
    alice.send("second");
    network.pass(92);
    assertThat(alice.staged()).isEqualTo(2);
    network.pass(20);
    assertThat(alice.staged()).isZero();
    assertThat(alice.peer().handshakeFailures()).isEqualTo(1);
  }

  @Test
  void aHostThatHasJustRespondedWaitsFiveSecondsBeforeItInitiates() {
    network.loss = datagram -> datagram.type() == Messages.DATA;
    alice.send("lost");
    network.pass(0.1);
    bob.send("waits");
    network.pass(4.8);
    assertThat(bob.count(Messages.INITIATION)).isZero();
    network.pass(0.2);
    assertThat(bob.count(Messages.INITIATION)).isEqualTo(1);
  }

  @Test
  void anAttemptGoesOnWhileOldKeysAreWiped() {
    session();
    network.pass(500);
    network.loss = datagram -> true;
    alice.send("patience");
    network.pass(60);
    network.loss = datagram -> false;
    network.pass(6);
    assertThat(bob.received).contains("patience");
  }

  @Test
  void aResponseIsTakenHoweverLateUntilTheNextInitiation() {
    network.loss = datagram -> datagram.type() == Messages.RESPONSE;
    alice.send("slow");
    network.pass(4.9);
    alice.deliver(bob.sent.getFirst().octets(), bob.address);
    assertThat(alice.staged()).isZero();
    network.pass(10);
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(1);
  }

  @Test
  void aResponseToAnEarlierInitiationIsNotTaken() {
    network.loss = datagram -> datagram.type() == Messages.RESPONSE;
    alice.send("slow");
    network.pass(6);
    alice.deliver(bob.sent.getFirst().octets(), bob.address);
    assertThat(alice.staged()).isEqualTo(1);
    assertThat(alice.device.drops(DropReason.UNKNOWN_INDEX)).isEqualTo(1);
  }
}
