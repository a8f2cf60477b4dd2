// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** X25519 against RFC 7748, against Bouncy Castle, and against plain big integers. */
class X25519Test {
  private static final HexFormat HEX = HexFormat.of();
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  private static byte[] agree(byte[] secret, byte[] point) {
    byte[] out = new byte[32];
    X25519.agree(secret, point, out);
    return out;
  }

  private static String agree(String secret, String point) {
    return HEX.formatHex(agree(HEX.parseHex(secret), HEX.parseHex(point)));
  }

  private static void sameAsBouncyCastle(byte[] secret, byte[] point) {
    byte[] expected = new byte[32];
    byte[] out = new byte[32];
    boolean good =
        org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(
            secret, 0, point, 0, expected, 0);
    assertThat(X25519.agree(secret, point, out)).isEqualTo(good);
    assertThat(out)
        .as(() -> HEX.formatHex(secret) + " " + HEX.formatHex(point))
        .isEqualTo(expected);
  }

  /** Points where carries, reductions and the group's structure might go wrong. */
  private static List<byte[]> edgePoints() {
    List<byte[]> points = new ArrayList<>();
    LowOrder.POINTS.forEach(point -> points.add(HEX.parseHex(point)));
    for (int i = -3; i < 19; i++) {
      points.add(littleEndian(P.add(BigInteger.valueOf(i))));
    }
    for (int i = 0; i < 20; i++) {
      points.add(littleEndian(BigInteger.valueOf(i)));
    }
    for (int bit = 1; bit < 256; bit++) {
      points.add(littleEndian(BigInteger.TWO.pow(bit).subtract(BigInteger.ONE)));
      points.add(littleEndian(BigInteger.TWO.pow(bit - 1)));
    }
    for (byte[] point : List.copyOf(points)) {
      byte[] highest = point.clone();
      highest[31] ^= (byte) 128;
      points.add(highest);
    }
    return points;
  }

  private static byte[] littleEndian(BigInteger number) {
    byte[] out = new byte[32];
    byte[] big = number.toByteArray();
    for (int i = 0; i < Math.min(32, big.length); i++) {
      out[i] = big[big.length - 1 - i];
    }
    return out;
  }

  private static byte[] repeated(int octet) {
    byte[] out = new byte[32];
    Arrays.fill(out, (byte) octet);
    return out;
  }

  @Test
  void vectorsOfRfc7748Section52() {
    assertThat(
            agree(
                "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))
        .isEqualTo("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    assertThat(
            agree(
                "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"))
        .isEqualTo("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
  }

  @Test
  void aThousandIterationsOfRfc7748Section52() {
    byte[] k = ReferenceNoise.base();
    byte[] u = ReferenceNoise.base();
    for (int i = 0; i < 1000; i++) {
      byte[] next = agree(k, u);
      u = k;
      k = next;
      if (i == 0) {
        assertThat(HEX.formatHex(k))
            .isEqualTo("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
      }
    }
    assertThat(HEX.formatHex(k))
        .isEqualTo("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
  }

  @Test
  void keyExchangeOfRfc7748Section61() {
    String alice = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    String bob = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
    String base = HEX.formatHex(ReferenceNoise.base());
    String alicePublic = agree(alice, base);
    String bobPublic = agree(bob, base);
    assertThat(alicePublic)
        .isEqualTo("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assertThat(bobPublic)
        .isEqualTo("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    assertThat(agree(alice, bobPublic))
        .isEqualTo(agree(bob, alicePublic))
        .isEqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
  }

  @Test
  void randomKeysAsBouncyCastle() {
    Random random = new Random(7748);
    byte[] secret = new byte[32];
    byte[] point = new byte[32];
    for (int i = 0; i < 3000; i++) {
      random.nextBytes(secret);
      random.nextBytes(point);
      sameAsBouncyCastle(secret, point);
    }
  }

  @Test
  void edgePointsAsBouncyCastle() {
    byte[] secret = new byte[32];
    new Random(5).nextBytes(secret);
    edgePoints().forEach(point -> sameAsBouncyCastle(secret, point));
  }

  @Test
  void edgeScalarsAsBouncyCastle() {
    byte[] point = new byte[32];
    new Random(6).nextBytes(point);
    for (int octet : List.of(0, 1, 7, 8, 0x40, 0x55, 0x7f, 0x80, 0xaa, 0xf8, 0xff)) {
      sameAsBouncyCastle(repeated(octet), point);
      sameAsBouncyCastle(repeated(octet), ReferenceNoise.base());
    }
    for (int bit = 0; bit < 256; bit++) {
      sameAsBouncyCastle(littleEndian(BigInteger.TWO.pow(bit)), point);
    }
  }

  @Test
  void edgePointsAsTheFormulasOnBigIntegers() {
    byte[] secret = new byte[32];
    new Random(8).nextBytes(secret);
    List<byte[]> points = edgePoints();
    for (int i = 0; i < points.size(); i += 11) {
      byte[] point = points.get(i);
      assertThat(agree(secret, point)).isEqualTo(ReferenceNoise.x25519(secret, point));
    }
  }

  @Test
  void onlyPointsOfLowOrderGiveZero() {
    byte[] secret = new byte[32];
    new Random(9).nextBytes(secret);
    for (String point : LowOrder.POINTS) {
      byte[] out = repeated(1);
      assertThat(X25519.agree(secret, HEX.parseHex(point), out)).as(point).isFalse();
      assertThat(out).as(point).containsOnly(0);
    }
    byte[] two = littleEndian(BigInteger.TWO);
    assertThat(X25519.agree(secret, two, new byte[32])).isTrue();
  }

  @Test
  void theResultMayReplaceAnOperand() {
    byte[] secret = new byte[32];
    new Random(10).nextBytes(secret);
    byte[] expected = agree(secret, ReferenceNoise.base());
    byte[] point = ReferenceNoise.base();
    X25519.agree(secret, point, point);
    assertThat(point).isEqualTo(expected);
  }

  @Test
  void bothSidesAgree() {
    Random random = new Random(11);
    byte[] a = new byte[32];
    byte[] b = new byte[32];
    for (int i = 0; i < 300; i++) {
      random.nextBytes(a);
      random.nextBytes(b);
      assertThat(agree(a, Primitives.publicKey(b))).isEqualTo(agree(b, Primitives.publicKey(a)));
    }
  }
}
