// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.protocol.aead.BouncyCastleAead;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/**
 * REKEY_AFTER_MESSAGES and REJECT_AFTER_MESSAGES (paper, 6.1) with the kernel's values, which need
 * unsigned comparison.
 */
class CounterLimitsTest extends TwoHosts {
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

  @Test
  void theLimitsAreThoseOfTheKernel() {
    assertThat(Limits.REKEY_AFTER_MESSAGES).isEqualTo(1L << 60);
    assertThat(new java.math.BigInteger(Long.toUnsignedString(Limits.REJECT_AFTER_MESSAGES)))
        .isEqualTo(java.math.BigInteger.TWO.pow(64).subtract(java.math.BigInteger.valueOf(8130)));
  }

  @Test
  void countersBeyondTheSignedRangeServe() {
    exchange();
    for (long counter : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1L << 20}) {
      sending(alice).sendCounter(counter);
      alice.send("n" + counter % 1000);
      network.pass(0.1);
      assertThat(bob.received).endsWith("n" + counter % 1000);
    }
  }

  @Test
  void aResponderRenewsKeysAfterMoreThan2To60PacketsToo() {
    exchange();
    network.pass(6);
    sending(bob).sendCounter(Limits.REKEY_AFTER_MESSAGES - 1);
    bob.send("number 2^60 - 1");
    assertThat(bob.count(Messages.INITIATION)).isZero();
    bob.send("number 2^60");
    assertThat(bob.count(Messages.INITIATION)).isEqualTo(1);
  }

  @Test
  void noCounterAtOrBeyondTheLimitIsSealed() {
    exchange();
    var segment = Arena.ofAuto().allocate(256);
    var aead = new BouncyCastleAead();
    Session session = sending(alice);
    session.sendCounter(Limits.REJECT_AFTER_MESSAGES - 1);
    assertThat(session.seal(aead, segment, 0, 16)).isEqualTo(48);
    for (int i = 0; i < 3; i++) {
      assertThat(DropReason.ofCode(session.seal(aead, segment, 0, 16)))
          .isEqualTo(DropReason.KEYPAIR_EXPIRED);
    }
  }

  @Test
  void noCounterAtOrBeyondTheLimitIsOpened() {
    exchange();
    for (long beyond : new long[] {0, 1, 8129}) {
      bob.deliver(withCounter(Limits.REJECT_AFTER_MESSAGES + beyond), alice.address);
    }
    assertThat(bob.drops).containsOnly(DropReason.KEYPAIR_EXPIRED).hasSize(3);
    bob.drops.clear();
    bob.deliver(withCounter(Limits.REJECT_AFTER_MESSAGES - 1), alice.address);
    assertThat(bob.drops).as("of another counter's packet").containsOnly(DropReason.AUTH_FAILED);
  }

  private byte[] withCounter(long counter) {
    byte[] packet = alice.sent.getLast().octets().clone();
    java.nio.ByteBuffer.wrap(packet).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(8, counter);
    return packet;
  }

  @Test
  void aForgedCounterDoesNotMoveTheWindow() {
    exchange();
    bob.deliver(withCounter(1L << 59), alice.address);
    alice.send("still taken");
    network.pass(0.1);
    assertThat(bob.received).contains("still taken");
  }
}
