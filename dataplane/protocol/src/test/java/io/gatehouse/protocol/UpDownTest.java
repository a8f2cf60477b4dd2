// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The device goes down and comes up again. */
class UpDownTest extends TwoHosts {
  @Test
  void downEndsEverythingAndUpStartsPersistentKeepalives() {
    alice.persistentKeepalive(25);
    network.pass(1);
    alice.down();
    network.pass(100);
    assertThat(alice.peer().sendingSession(network.now())).isNull();
    long initiations = alice.count(Messages.INITIATION);
    alice.up();
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(initiations + 1);
    network.pass(1);
    assertThat(alice.peer().sendingSession(network.now())).isNotNull();
  }

  @Test
  void downDropsStagedPacketsAndTheAttempt() {
    network.loss = datagram -> true;
    alice.send("waits");
    alice.down();
    assertThat(alice.staged()).isZero();
    assertThat(alice.advance()).isEqualTo(Long.MAX_VALUE);
    network.pass(30);
    assertThat(alice.sent).hasSize(1);
  }

  @Test
  void aHandshakeAfterUpIsNotHeldBackByOneBeforeDown() {
    session();
    alice.down();
    alice.up();
    alice.send("at once");
    network.pass(0.1);
    assertThat(bob.received).contains("at once");
  }

  @Test
  void configurationOutlivesDown() {
    alice.presharedKey(key(3));
    bob.presharedKey(key(3));
    var before = alice.device.snapshot(network.now());
    alice.down();
    alice.down();
    alice.up();
    alice.up();
    assertThat(alice.device.snapshot(network.now())).isEqualTo(before);
    exchange();
  }

  @Test
  void whileDownChangesAreTakenButNothingIsSent() {
    alice.down();
    alice.persistentKeepalive(5);
    alice.send("staged");
    network.pass(30);
    assertThat(alice.sent).isEmpty();
    alice.up();
    assertThat(alice.count(Messages.INITIATION)).isEqualTo(1);
  }
}
