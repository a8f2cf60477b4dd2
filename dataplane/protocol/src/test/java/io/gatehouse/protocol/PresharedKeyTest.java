// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.SecretKey;
import org.junit.jupiter.api.Test;

/** The preshared key (paper, 5.2). */
class PresharedKeyTest extends TwoHosts {
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
  void aChangeCountsFromTheNextHandshakeOn() {
    exchange();
    Session session = sending(alice);
    alice.presharedKey(key(1));
    bob.presharedKey(key(1));
    assertThat(sending(alice)).isSameAs(session);
    network.pass(130);
    alice.send("renewed");
    network.pass(0.1);
    assertThat(sending(alice)).isNotSameAs(session);
    bob.presharedKey(key(2));
    network.pass(130);
    alice.send("refused");
    network.pass(70);
    assertThat(alice.peer().drops(DropReason.AUTH_FAILED)).isPositive();
    assertThat(alice.peer().sendingSession(network.now())).isNull();
  }

  @Test
  void allZeroClearsIt() {
    alice.presharedKey(key(1));
    assertThat(alice.device.snapshot(0).peers().getFirst().presharedKey()).contains(key(1));
    alice.presharedKey(SecretKey.of(new byte[32]));
    assertThat(alice.device.snapshot(0).peers().getFirst().presharedKey()).isEmpty();
    exchange();
  }
}
