// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.SecretKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * Every octet of a conversation with fixed keys, against a second implementation of the paper
 * ({@link ReferenceNoise}) that knows nothing of the first.
 */
class TranscriptTest extends TwoHosts {
  private static final byte[] NONE = new byte[0];

  private static byte[] secret(SimulatedHost host) {
    return host.device.snapshot(0).privateKey().orElseThrow().revealOctets();
  }

  private static byte[] publicKeyOf(SimulatedHost host) {
    return ReferenceNoise.x25519(secret(host), ReferenceNoise.base());
  }

  private static int indexAt(byte[] message, int offset) {
    return Integer.reverseBytes(ByteBuffer.wrap(message).getInt(offset));
  }

  /** 2026-01-01T00:00:00Z is second 1767225600; TAI64 says 2^62 + 10 more; the clock stands. */
  private static byte[] timestamp() {
    return ByteBuffer.allocate(12).putLong((1L << 62) + 10 + 1_767_225_600L).putInt(0).array();
  }

  private static byte[] inner(String text) {
    return Arrays.copyOf(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 16);
  }

  @Test
  void theReferenceKnowsTheVectorOfRfc7748() {
    byte[] shared =
        ReferenceNoise.x25519(
            HexFormat.of()
                .parseHex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
            HexFormat.of()
                .parseHex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"));
    assertThat(HexFormat.of().formatHex(shared))
        .isEqualTo("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
  }

  @Test
  void aHandshakeWithPresharedKeyAndDataBothWays() {
    SecretKey psk = key(42);
    alice.presharedKey(psk);
    bob.presharedKey(psk);
    conversation(psk.revealOctets());
  }

  @Test
  void aHandshakeWithoutPresharedKeyUsesThirtyTwoZeros() {
    conversation(new byte[32]);
  }

  private void conversation(byte[] psk) {
    alice.send("ping");
    byte[] ei = alice.random.drawn.getLast();
    network.pass(0.1);
    byte[] er = bob.random.drawn.getLast();
    bob.send("pong");
    alice.send("ping 2");
    network.pass(0.1);
    byte[] initiation = alice.sent.get(0).octets();
    byte[] response = bob.sent.get(0).octets();
    int i = indexAt(initiation, 4);
    int r = indexAt(response, 4);

    ReferenceNoise noise = new ReferenceNoise();
    assertThat(initiation)
        .isEqualTo(
            ReferenceNoise.withMacs(
                noise.initiation(i, ei, secret(alice), secret(bob), publicKeyOf(bob), timestamp()),
                publicKeyOf(bob),
                NONE));
    assertThat(response)
        .isEqualTo(
            ReferenceNoise.withMacs(
                noise.response(r, i, er, ei, secret(alice), psk), publicKeyOf(alice), NONE));
    assertThat(alice.sent.get(1).octets())
        .isEqualTo(ReferenceNoise.data(r, 0, noise.initiatorSends, inner("ping")));
    assertThat(bob.sent.get(1).octets())
        .isEqualTo(ReferenceNoise.data(i, 0, noise.initiatorReceives, inner("pong")));
    assertThat(alice.sent.get(2).octets())
        .isEqualTo(ReferenceNoise.data(r, 1, noise.initiatorSends, inner("ping 2")));
    network.pass(10.2);
    assertThat(bob.sent.get(2).octets())
        .as("a keepalive")
        .isEqualTo(ReferenceNoise.data(i, 1, noise.initiatorReceives, NONE));
  }

  private static byte[] lastDrawn(SimulatedHost host, int length) {
    return host.random.drawn.reversed().stream()
        .filter(octets -> octets.length == length)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCookieAndTheInitiationThatUsesIt() {
    bob.underLoad = true;
    alice.send("ping");
    network.pass(0.1);
    byte[] nonce = lastDrawn(bob, 24);
    byte[] changing = lastDrawn(bob, 32);
    byte[] first = alice.sent.get(0).octets();
    byte[] addressAndPort =
        ByteBuffer.allocate(18)
            .putLong(alice.address.addressHigh())
            .putLong(alice.address.addressLow())
            .putShort((short) alice.address.port())
            .array();
    byte[] cookie = ReferenceNoise.mac(changing, addressAndPort);
    assertThat(bob.sent.get(0).octets())
        .isEqualTo(
            ReferenceNoise.cookieReply(
                indexAt(first, 4),
                nonce,
                publicKeyOf(bob),
                cookie,
                Arrays.copyOfRange(first, 116, 132)));
    network.pass(6);
    byte[] second = alice.sent.get(1).octets();
    assertThat(second)
        .isEqualTo(ReferenceNoise.withMacs(Arrays.copyOf(second, 116), publicKeyOf(bob), cookie));
  }
}
