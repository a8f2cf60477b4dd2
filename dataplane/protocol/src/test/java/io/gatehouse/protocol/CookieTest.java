// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** MAC2 and cookies under load (paper, 5.3 and 5.4.7). */
class CookieTest extends TwoHosts {
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

  private static boolean hasMac2(SimulatedHost.Sent message) {
    return !Arrays.equals(Macs.mac2(message.octets()), new byte[Primitives.MAC]);
  }

  @Test
  void mac2IsZeroWithoutACookie() {
    alice.send("hello");
    network.pass(0.1);
    assertThat(hasMac2(alice.sent.getFirst())).isFalse();
    assertThat(hasMac2(bob.sent.getFirst())).isFalse();
  }

  @Test
  void theAnswerIsSmallerThanTheQuestion() {
    bob.underLoad = true;
    alice.send("hello");
    network.pass(0.1);
    assertThat(bob.sent).hasSize(1);
    assertThat(bob.sent.getFirst().octets()).hasSize(64);
  }

  @Test
  void ourCookieServes120Seconds() {
    bob.underLoad = true;
    network.loss = datagram -> datagram.type() == Messages.RESPONSE;
    alice.send("hello");
    network.pass(1);
    bob.underLoad = false;
    for (int i = 0; i < 20; i++) {
      alice.send("go on");
      network.pass(10);
    }
    for (SimulatedHost.Sent sent : alice.sent) {
      boolean fresh = sent.atNanos() > SECOND && sent.atNanos() < 120 * SECOND;
      assertThat(hasMac2(sent)).as("after %d ns", sent.atNanos()).isEqualTo(fresh);
    }
  }

  @Test
  void aCookieFromBeforeTheSecretChangedIsAnsweredWithANewOne() {
    bob.underLoad = true;
    network.loss = datagram -> datagram.type() == Messages.RESPONSE;
    alice.send("hello");
    network.pass(6);
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(1);
    byte[] withMac2 = alice.sent.getLast().octets();
    network.loss = datagram -> true;
    network.pass(113.9);
    bob.deliver(withMac2, alice.address);
    assertThat(bob.peer().drops(DropReason.REPLAYED)).as("cookie taken").isEqualTo(1);
    assertThat(bob.count(Messages.COOKIE_REPLY)).isEqualTo(1);
    network.pass(0.2);
    bob.deliver(withMac2, alice.address);
    assertThat(bob.count(Messages.COOKIE_REPLY)).isEqualTo(2);
    assertThat(bob.peer().drops(DropReason.REPLAYED)).isEqualTo(1);
  }

  @Test
  void aForgedCookieReplyIsNotTaken() {
    bob.underLoad = true;
    network.loss = datagram -> datagram.type() == Messages.COOKIE_REPLY;
    alice.send("hello");
    network.pass(0.1);
    byte[] reply = bob.sent.getFirst().octets().clone();
    reply[40] ^= 1;
    alice.deliver(reply, bob.address);
    assertThat(alice.peer().drops(DropReason.BAD_COOKIE)).isEqualTo(1);
    network.pass(6);
    assertThat(hasMac2(alice.sent.getLast())).isFalse();
  }

  @Test
  void aCookieReplyToAnEarlierMessageIsNotTaken() {
    bob.underLoad = true;
    network.loss = datagram -> datagram.type() == Messages.COOKIE_REPLY;
    alice.send("hello");
    network.pass(6);
    alice.deliver(bob.sent.getFirst().octets(), bob.address);
    assertThat(alice.device.handshakeCounters().cookiesIn()).isZero();
  }

  @Test
  void responsesNeedACookieToo() {
    alice.underLoad = true;
    alice.send("hello");
    network.pass(1);
    assertThat(alice.count(Messages.COOKIE_REPLY)).isEqualTo(1);
    assertThat(bob.received).isEmpty();
    network.pass(6);
    assertThat(bob.received).contains("hello");
  }

  @Test
  void mac1IsCheckedFirst() {
    bob.underLoad = true;
    alice.send("hello");
    byte[] wrong = alice.sent.getFirst().octets().clone();
    wrong[120] ^= 1;
    bob.deliver(wrong, alice.address);
    assertThat(bob.sent).isEmpty();
    assertThat(bob.device.drops(DropReason.BAD_MAC1)).isEqualTo(1);
  }

  @Test
  void withACookieASourceIsServedFiveTimesAtOnce() {
    bob.underLoad = true;
    network.loss = datagram -> datagram.type() == Messages.RESPONSE;
    alice.send("hello");
    network.pass(8);
    byte[] withMac2 = alice.sent.getLast().octets();
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(1);
    for (int i = 0; i < 12; i++) {
      bob.deliver(withMac2, alice.address);
    }
    assertThat(bob.peer().drops(DropReason.REPLAYED)).isEqualTo(5);
    assertThat(bob.device.drops(DropReason.RATE_LIMITED)).isEqualTo(7);
  }

  @Test
  void forgedSourcesKeepNobodyOut() {
    bob.underLoad = true;
    alice.send("hello");
    byte[] flood = alice.sent.getFirst().octets();
    for (int i = 0; i < 70_000; i++) {
      bob.device.receive(
          flood, flood.length, SimulatedHost.address(1000 + i, 7), true, network.now());
    }
    bob.sent.clear();
    network.pass(6);
    assertThat(bob.received).contains("hello");
  }
}
