// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Passive keepalives (paper, 6.5). */
class KeepaliveTest extends TwoHosts {
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
  void theTenSecondsBeginWithTheDataReceivedAndNotWithTheLastPacketSent() {
    exchange();
    network.pass(9);
    alice.send("late");
    network.pass(9.9);
    assertThat(bob.keepalives()).isZero();
    network.pass(0.2);
    assertThat(bob.keepalives()).isEqualTo(1);
  }

  @Test
  void oneKeepaliveAnswersAllDataOfTheTenSeconds() {
    session();
    for (int i = 0; i < 9; i++) {
      network.pass(1);
      alice.send("more");
    }
    network.pass(100);
    assertThat(bob.keepalives()).isEqualTo(1);
  }

  @Test
  void dataAfterTheKeepaliveIsAnsweredByAnother() {
    session();
    network.pass(11);
    alice.send("again");
    network.pass(11);
    assertThat(bob.keepalives()).isEqualTo(2);
  }

  @Test
  void twoIdlePeersDoNotTalkForEver() {
    exchange();
    network.pass(30);
    int sent = alice.sent.size() + bob.sent.size();
    network.pass(2000);
    assertThat(alice.sent.size() + bob.sent.size()).isEqualTo(sent);
  }

  @Test
  void aKeepaliveOwedWithoutASessionMakesOne() {
    exchange();
    network.pass(175);
    network.loss = datagram -> datagram.type() == Messages.INITIATION;
    alice.send("at the end");
    network.pass(9.8);
    assertThat(bob.count(Messages.INITIATION)).isZero();
    network.pass(0.5);
    assertThat(bob.count(Messages.INITIATION)).isEqualTo(1);
    assertThat(bob.keepalives()).isZero();
  }
}
