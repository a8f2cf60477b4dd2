// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Persistent keepalives, as wg(8) describes them. */
class PersistentKeepaliveTest extends TwoHosts {
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
  void itCountsFromTheLastPacketInEitherDirection() {
    alice.persistentKeepalive(25);
    network.pass(1);
    long keepalives = alice.keepalives();
    for (int i = 0; i < 8; i++) {
      alice.send("a");
      bob.send("b");
      network.pass(9);
    }
    assertThat(alice.keepalives()).isEqualTo(keepalives);
    network.pass(24);
    assertThat(alice.keepalives()).as("the passive one").isEqualTo(keepalives + 1);
    network.pass(3);
    assertThat(alice.keepalives()).as("25 s after it").isEqualTo(keepalives + 2);
  }

  @Test
  void withoutAnEndpointItIsSilentUntilThePeerIsHeard() {
    bob.persistentKeepalive(5);
    network.pass(100);
    assertThat(bob.sent).isEmpty();
    session();
    network.pass(5.1);
    assertThat(bob.keepalives()).isEqualTo(1);
  }

  @Test
  void anotherIntervalCountsAtOnce() {
    alice.persistentKeepalive(100);
    network.pass(1);
    alice.persistentKeepalive(10);
    network.pass(10);
    assertThat(alice.keepalives()).isEqualTo(2);
  }

  @Test
  void itStartsAtOnceWhenThePeerIsAddedWithIt() {
    SimulatedHost carol = new SimulatedHost(network, 3);
    carol.apply(
        new PeerChange(
            bob.publicKey(),
            false,
            false,
            Optional.empty(),
            Optional.of(bob.address),
            OptionalInt.of(25),
            false,
            List.of()));
    assertThat(carol.count(Messages.INITIATION)).isEqualTo(1);
  }
}
