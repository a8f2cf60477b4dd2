// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Where the peer is, and from which of our addresses it was spoken to (paper, 2.1). */
class RoamingTest extends TwoHosts {
  @Test
  void anEndpointFollowsAuthenticatedPacketsOnly() {
    exchange();
    alice.address = SimulatedHost.address(7, 1234);
    byte[] forged = alice.sent.getLast().octets().clone();
    forged[forged.length - 1] ^= 1;
    bob.deliver(forged, SimulatedHost.address(9, 9));
    assertThat(bob.drops).containsExactly(DropReason.AUTH_FAILED);
    alice.send("moved");
    network.pass(0.1);
    assertThat(bob.peer().endpoint()).isEqualTo(alice.address);
    assertThat(bob.peer().endpointChanges()).isEqualTo(2);
    bob.send("found you");
    network.pass(0.1);
    assertThat(alice.received).contains("found you");
  }

  @Test
  void replaysDoNotRoam() {
    exchange();
    byte[] data = alice.sent.getLast().octets();
    bob.deliver(data, SimulatedHost.address(9, 9));
    assertThat(bob.peer().endpoint()).isEqualTo(alice.address);
  }

  private static final Endpoint ELSEWHERE = SimulatedHost.address(7, 1234);

  /** Alice's address, spoken to at one of Bob's. */
  private static Endpoint withSource(Endpoint remote) {
    return new Endpoint(
        remote.addressHigh(), remote.addressLow(), remote.port(), 0, 0, 0xffff_c000_0263L, 4);
  }

  private static boolean sameRemote(Endpoint a, Endpoint b) {
    return a.withoutSource().equals(b.withoutSource());
  }

  @Test
  void responsesRoam() {
    Endpoint before = bob.address;
    alice.send("hello");
    bob.address = ELSEWHERE;
    bob.deliver(alice.sent.getFirst().octets(), alice.address);
    network.pass(0.1);
    assertThat(alice.peer().endpoint()).isEqualTo(ELSEWHERE).isNotEqualTo(before);
    assertThat(bob.received).contains("hello");
  }

  @Test
  void initiationsRoam() {
    exchange();
    network.pass(200);
    alice.address = ELSEWHERE;
    alice.send("hello");
    network.pass(0.1);
    assertThat(bob.peer().endpoint()).isEqualTo(ELSEWHERE);
  }

  @Test
  void keepalivesRoam() {
    exchange();
    alice.address = ELSEWHERE;
    network.pass(10.2);
    assertThat(alice.keepalives()).isEqualTo(1);
    assertThat(bob.peer().endpoint()).isEqualTo(ELSEWHERE);
  }

  @Test
  void aConfiguredEndpointHoldsUntilThePeerIsHeardElsewhere() {
    exchange();
    bob.apply(endpoint(alice.publicKey(), ELSEWHERE));
    assertThat(bob.peer().endpoint()).isEqualTo(ELSEWHERE);
    alice.send("here");
    network.pass(0.1);
    assertThat(bob.peer().endpoint()).isEqualTo(alice.address);
  }

  @Test
  void answersLeaveFromTheAddressThatWasSpokenTo() {
    network.loss = datagram -> true;
    alice.send("hello");
    bob.deliver(alice.sent.getFirst().octets(), withSource(alice.address));
    assertThat(bob.sent.getFirst().to()).isEqualTo(withSource(alice.address));
    assertThat(bob.peer().endpoint()).isEqualTo(withSource(alice.address));
    assertThat(bob.peer().endpointChanges()).isEqualTo(1);
  }

  @Test
  void aCookieReplyLeavesFromTheAddressThatWasSpokenTo() {
    bob.underLoad = true;
    alice.send("hello");
    bob.deliver(alice.sent.getFirst().octets(), withSource(alice.address));
    assertThat(bob.sent.getFirst().to()).isEqualTo(withSource(alice.address));
  }

  @Test
  void anotherSourceOfTheSameRemoteIsKeptButIsNoChangeOfEndpoint() {
    exchange();
    long changes = bob.peer().endpointChanges();
    alice.send("hello");
    bob.deliver(alice.sent.getLast().octets(), withSource(alice.address));
    assertThat(bob.peer().endpoint()).isEqualTo(withSource(alice.address));
    assertThat(bob.peer().endpointChanges()).isEqualTo(changes);
  }

  @Test
  void aMessageThatCannotLeaveFromTheSourceLeavesWithoutItAtOnce() {
    bob.refuses = Endpoint::hasSource;
    alice.send("hello");
    bob.deliver(alice.sent.getFirst().octets(), withSource(alice.address));
    assertThat(bob.sent).hasSize(1);
    assertThat(bob.sent.getFirst().to()).isEqualTo(alice.address);
    assertThat(bob.peer().endpoint()).isEqualTo(alice.address);
    assertThat(bob.peer().drops()).isEmpty();
  }

  @Test
  void theSourceIsForgottenWithEachRetry() {
    alice.peer().roam(withSource(bob.address));
    network.loss = datagram -> true;
    alice.send("hello");
    network.pass(6);
    assertThat(alice.sent.get(0).to()).isEqualTo(withSource(bob.address));
    assertThat(alice.sent.get(1).to()).isEqualTo(bob.address);
  }

  @Test
  void theSourceIsForgottenWhenNothingIsHeardForFifteenSeconds() {
    exchange();
    alice.peer().roam(withSource(bob.address));
    network.loss = datagram -> true;
    alice.send("hello");
    network.pass(14.9);
    assertThat(alice.peer().endpoint()).isEqualTo(withSource(bob.address));
    network.pass(0.5);
    assertThat(alice.peer().endpoint()).isEqualTo(bob.address);
  }

  @Test
  void theSourceIsForgottenWhenAnEndpointIsSet() {
    exchange();
    alice.peer().roam(withSource(bob.address));
    alice.apply(endpoint(bob.publicKey(), bob.address));
    assertThat(alice.peer().endpoint()).isEqualTo(bob.address);
    alice.apply(endpoint(bob.publicKey(), withSource(bob.address)));
    assertThat(alice.peer().endpoint()).isEqualTo(bob.address);
  }

  @Test
  void aSourceLearntSinceAFailedSendStays() {
    exchange();
    Endpoint used = withSource(bob.address);
    alice.peer().roam(ELSEWHERE);
    assertThat(alice.peer().forgetSource(used)).isEqualTo(ELSEWHERE);
    assertThat(sameRemote(alice.peer().endpoint(), ELSEWHERE)).isTrue();
  }

  @Test
  void theZoneOfALinkLocalAddressIsLearntAndShown() {
    exchange();
    alice.address = new Endpoint(0xfe80_0000_0000_0000L, 1, 51820, 7, 0, 0, 0);
    alice.send("hello");
    network.pass(0.1);
    assertThat(bob.peer().endpoint()).isEqualTo(alice.address);
    assertThat(bob.peer().endpoint()).hasToString("[fe80::1%7]:51820");
    bob.send("hello");
    network.pass(0.1);
    assertThat(alice.received).contains("hello");
  }
}
