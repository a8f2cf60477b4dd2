// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot.State.IDLE;
import static io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot.State.NEVER;
import static io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot.State.RETRYING;
import static io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot.State.UP;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the handshake machine says of a peer, and since when it tries in vain. */
class PeerStateTest {
  private final SimulatedNetwork network = new SimulatedNetwork();
  private final SimulatedHost alice = new SimulatedHost(network, 1);
  private final SimulatedHost bob = new SimulatedHost(network, 2);

  @BeforeEach
  void peers() {
    alice.knows(bob, true);
    bob.knows(alice, false);
  }

  private PeerSnapshot alicesPeer() {
    return alice.device.snapshot(network.now()).peers().getFirst();
  }

  @Test
  void aPeerNeverSpokenToIsNever() {
    network.pass(100);
    assertThat(alicesPeer().state()).isEqualTo(NEVER);
    assertThat(alicesPeer().unansweredNanos()).isEqualTo(-1);
  }

  @Test
  void aPeerIsUpWhileItsSessionServesAndIdleAfterwards() {
    alice.send("hello");
    network.pass(1);
    assertThat(alicesPeer().state()).isEqualTo(UP);
    network.pass(178);
    assertThat(alicesPeer().state()).isEqualTo(UP);
    network.pass(2);
    assertThat(alicesPeer().state()).isEqualTo(IDLE);
    assertThat(alicesPeer().unansweredNanos()).isEqualTo(-1);
  }

  @Test
  void aPeerThatDoesNotAnswerIsRetryingSinceTheFirstInitiation() {
    network.loss = datagram -> true;
    network.pass(3);
    alice.send("hello");
    network.pass(42);
    assertThat(alicesPeer().state()).isEqualTo(RETRYING);
    assertThat(alicesPeer().unansweredNanos()).isEqualTo(42 * SimulatedNetwork.SECOND);
    network.pass(70);
    assertThat(alicesPeer().state()).as("given up").isEqualTo(NEVER);
    alice.send("again");
    network.pass(1);
    assertThat(alicesPeer().state()).isEqualTo(RETRYING);
    assertThat(alicesPeer().unansweredNanos()).isEqualTo(113 * SimulatedNetwork.SECOND);
    network.loss = datagram -> false;
    network.pass(6);
    assertThat(alicesPeer().state()).isEqualTo(UP);
    assertThat(alicesPeer().unansweredNanos()).isEqualTo(-1);
  }

  @Test
  void greetingBeginsAHandshakeAtOnceAndLetsThePeerSend() {
    alice.greet();
    network.pass(0.1);
    assertThat(alicesPeer().state()).isEqualTo(UP);
    bob.send("unasked");
    network.pass(0.1);
    assertThat(alice.received).containsExactly("unasked");
    alice.greet();
    network.pass(1);
    assertThat(alice.count(Messages.INITIATION)).as("with a session").isEqualTo(1);
  }

  @Test
  void greetingTriesFor90Seconds() {
    network.loss = datagram -> true;
    alice.greet();
    alice.greet();
    assertThat(alice.sent).hasSize(1);
    network.pass(200);
    assertThat(alice.sent).hasSize(20);
  }

  @Test
  void greetingIsSilentWithoutEndpointAndWhileDown() {
    bob.greet();
    alice.down();
    alice.greet();
    network.pass(10);
    assertThat(alice.sent).isEmpty();
    assertThat(bob.sent).isEmpty();
  }
}
