// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a responder's new keys begin to count (paper, section 6.2 and 6.3). */
class KeyConfirmationTest extends TwoHosts {
  @Test
  void theyAreSentWithAsSoonAsAPacketUnderThemIsInEvenBeforeTheControlThreadLooks() {
    session();
    // Alice begins anew with nothing left of the session that Bob still has.
    long now = network.now() + SECOND;
    Peer known = bob.peer();
    Session old = known.sendingSession(now);
    alice.device.down(now);
    alice.device.up(now);
    alice.peer().requestHandshake();
    alice.device.service(alice.peer(), now);
    byte[] initiation = alice.sent.getLast().octets();
    bob.device.receive(initiation, initiation.length, alice.address, false, now);
    byte[] response = bob.sent.getLast().octets();
    Session heard = bob.device.sessionByIndex(Handshake.getInt(response, 4));
    assertThat(heard).isNotNull().isNotSameAs(old);
    assertThat(known.sendingSession(now)).isNotNull().isSameAs(old);

    known.dataReceived(heard, 1, 64, true, now);

    assertThat(known.sendingSession(now)).isSameAs(heard);
    bob.device.service(known, now);
    assertThat(known.sendingSession(now)).isSameAs(heard);
  }
}
