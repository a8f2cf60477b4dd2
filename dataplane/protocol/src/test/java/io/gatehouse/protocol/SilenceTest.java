// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Nothing is sent to who is not authenticated, and nothing without need (paper, 5.3). */
class SilenceTest extends TwoHosts {
  @Test
  void nothingIsSentAndNothingIsDueWithoutTraffic() {
    network.pass(1000);
    assertThat(alice.sent).isEmpty();
    assertThat(alice.advance()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void strangersGetNoAnswer() {
    SimulatedHost eve = new SimulatedHost(network, 3);
    eve.knows(bob, true);
    eve.send("let me in");
    network.pass(30);
    assertThat(bob.sent).isEmpty();
    assertThat(bob.device.drops(DropReason.UNKNOWN_PEER)).isPositive();
  }

  @Test
  void peersWithLowOrderKeysNeverCauseAPacket() {
    for (String point : LowOrder.POINTS) {
      SimulatedHost host = new SimulatedHost(network, 20);
      byte[] octets = HexFormat.of().parseHex(point);
      PeerChange change = add(PublicKey.of(octets), "10.0.0.0/8");
      host.apply(
          new PeerChange(
              change.publicKey(),
              false,
              false,
              Optional.empty(),
              Optional.of(bob.address),
              OptionalInt.of(1),
              false,
              change.allowedIps()));
      host.send("x");
      network.pass(30);
      assertThat(host.sent).as(point).isEmpty();
    }
  }

  private byte[] initiation() {
    network.loss = datagram -> true;
    alice.send("hello");
    return alice.sent.getFirst().octets().clone();
  }

  private void bobKeepsSilent(byte[] message) {
    int sent = bob.sent.size();
    bob.deliver(message, alice.address);
    network.pass(30);
    assertThat(bob.sent).hasSize(sent);
    assertThat(bob.peer().sendingSession(network.now())).isNull();
  }

  private byte[] withMac1(byte[] message) {
    Macs.write(message, Macs.mac1Key(bob.publicKey().octets()), null);
    return message;
  }

  @Test
  void aWrongMac1() {
    byte[] message = initiation();
    for (int i = 116; i < 132; i++) {
      byte[] wrong = message.clone();
      wrong[i] ^= (byte) 0x80;
      bobKeepsSilent(wrong);
    }
    assertThat(bob.device.drops(DropReason.BAD_MAC1)).isEqualTo(16);
  }

  @Test
  void everyWrongLength() {
    byte[] message = initiation();
    for (int length = 0; length < 300; length++) {
      if (length != message.length) {
        byte[] wrong = Arrays.copyOf(message, length);
        bob.device.receive(wrong, length, alice.address, false, network.now());
      }
    }
    assertThat(bob.sent).isEmpty();
  }

  @Test
  void reservedBits() {
    for (int at = 1; at < 4; at++) {
      byte[] message = initiation();
      message[at] = 1;
      bobKeepsSilent(withMac1(message));
    }
    assertThat(bob.device.drops(DropReason.UNKNOWN_TYPE)).isEqualTo(3);
  }

  @Test
  void aLowOrderEphemeralKeyOfAnInitiator() {
    byte[] message = initiation();
    for (String point : LowOrder.POINTS) {
      System.arraycopy(HexFormat.of().parseHex(point), 0, message, 8, 32);
      bobKeepsSilent(withMac1(message));
    }
    assertThat(bob.device.drops(DropReason.AUTH_FAILED)).isEqualTo(LowOrder.POINTS.size());
  }

  @Test
  void aLowOrderEphemeralKeyOfAResponder() {
    network.loss = datagram -> datagram.type() == Messages.RESPONSE;
    alice.send("hello");
    network.pass(0.1);
    byte[] response = bob.sent.getFirst().octets().clone();
    for (String point : LowOrder.POINTS) {
      System.arraycopy(HexFormat.of().parseHex(point), 0, response, 12, 32);
      Macs.write(response, Macs.mac1Key(alice.publicKey().octets()), null);
      alice.deliver(response, bob.address);
    }
    assertThat(alice.peer().drops(DropReason.AUTH_FAILED)).isEqualTo(LowOrder.POINTS.size());
    alice.deliver(bob.sent.getFirst().octets(), bob.address);
    assertThat(sending(alice)).as("the genuine response still fits").isNotNull();
  }

  @Test
  void ourOwnStaticKeyAsInitiator() {
    byte[] secret = bob.device.snapshot(0).privateKey().orElseThrow().revealOctets();
    byte[] own = bob.publicKey().octets();
    byte[] shared = new byte[32];
    assertThat(Primitives.dh(secret, own, shared)).isTrue();
    byte[] message = new byte[Messages.INITIATION_LENGTH];
    assertThat(
            Handshake.initiate(
                new Identity(secret, new KeySlots()),
                own,
                shared,
                Tai64n.label(1L << 60),
                1,
                new Random(1),
                message))
        .isPresent();
    bobKeepsSilent(withMac1(message));
    assertThat(bob.device.drops(DropReason.UNKNOWN_PEER)).isEqualTo(1);
  }

  @Test
  void responsesAndCookieRepliesNobodyAskedFor() {
    bobKeepsSilent(withMac1(response()));
    byte[] reply = new byte[Messages.COOKIE_REPLY_LENGTH];
    reply[0] = Messages.COOKIE_REPLY;
    bobKeepsSilent(reply);
    assertThat(bob.device.drops(DropReason.UNKNOWN_INDEX)).isEqualTo(2);
  }

  private static byte[] response() {
    byte[] message = new byte[Messages.RESPONSE_LENGTH];
    message[0] = Messages.RESPONSE;
    return message;
  }

  @Test
  void aDeviceThatIsDownOrHasNoKey() {
    byte[] message = initiation();
    bob.down();
    bobKeepsSilent(message);
    bob.up();
    SecretKey own = bob.device.snapshot(0).privateKey().orElseThrow();
    bob.apply(privateKey(SecretKey.of(new byte[32])));
    bobKeepsSilent(message);
    bob.apply(privateKey(own));
    bob.deliver(message, alice.address);
    assertThat(bob.count(Messages.RESPONSE)).isEqualTo(1);
  }

  @Test
  void dataOfNoSessionAndDataThatIsNotAuthentic() {
    exchange();
    int sent = bob.sent.size();
    byte[] packet = alice.sent.getLast().octets().clone();
    packet[20] ^= 1;
    bob.deliver(packet, alice.address);
    packet[5] ^= 1;
    bob.deliver(packet, alice.address);
    assertThat(bob.drops).containsExactly(DropReason.AUTH_FAILED, DropReason.UNKNOWN_INDEX);
    network.pass(9);
    assertThat(bob.sent).hasSize(sent);
  }
}
