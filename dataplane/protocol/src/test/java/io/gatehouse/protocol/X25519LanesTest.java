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

/** Two at once give what each gives alone, whatever the other is. */
class X25519LanesTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  private final Random random = new Random(7748);

  private byte[] octets() {
    byte[] out = new byte[32];
    random.nextBytes(out);
    return out;
  }

  private static byte[] littleEndian(BigInteger number) {
    byte[] out = new byte[32];
    byte[] big = number.toByteArray();
    for (int i = 0; i < Math.min(32, big.length); i++) {
      out[i] = big[big.length - 1 - i];
    }
    return out;
  }

  /** Points where carries, reductions and the group's structure might go wrong. */
  private static List<byte[]> edgePoints() {
    List<byte[]> points = new ArrayList<>();
    LowOrder.POINTS.forEach(point -> points.add(HEX.parseHex(point)));
    for (int i = -3; i < 19; i++) {
      points.add(littleEndian(P.add(BigInteger.valueOf(i))));
      points.add(littleEndian(BigInteger.valueOf(i & 31)));
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

  private static void sameAsAlone(byte[] secret1, byte[] point1, byte[] secret2, byte[] point2) {
    byte[] expected1 = new byte[32];
    byte[] expected2 = new byte[32];
    byte[] out1 = octetsOf(1);
    byte[] out2 = octetsOf(2);
    boolean good1 =
        org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(
            secret1, 0, point1, 0, expected1, 0);
    boolean good2 = X25519.agree(secret2, point2, expected2);
    boolean good = X25519Lanes.agreeBoth(secret1, point1, out1, secret2, point2, out2);
    assertThat(out1).as(() -> HEX.formatHex(point1)).isEqualTo(expected1);
    assertThat(out2).as(() -> HEX.formatHex(point2)).isEqualTo(expected2);
    assertThat(good).isEqualTo(good1 && good2);
  }

  private static byte[] octetsOf(int value) {
    byte[] out = new byte[32];
    Arrays.fill(out, (byte) value);
    return out;
  }

  @Test
  void vectorsOfRfc7748Section52SideBySide() {
    byte[] out1 = new byte[32];
    byte[] out2 = new byte[32];
    X25519Lanes.agreeBoth(
        HEX.parseHex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
        HEX.parseHex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"),
        out1,
        HEX.parseHex("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"),
        HEX.parseHex("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"),
        out2);
    assertThat(HEX.formatHex(out1))
        .isEqualTo("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    assertThat(HEX.formatHex(out2))
        .isEqualTo("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
  }

  @Test
  void aThousandIterationsOfRfc7748Section52() {
    byte[] k = ReferenceNoise.base();
    byte[] u = ReferenceNoise.base();
    byte[] other = octets();
    for (int i = 0; i < 1000; i++) {
      byte[] next = new byte[32];
      byte[] nextOther = new byte[32];
      X25519Lanes.agreeBoth(other, u, nextOther, k, u, next);
      u = k;
      k = next;
      other = nextOther;
    }
    assertThat(HEX.formatHex(k))
        .isEqualTo("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
  }

  @Test
  void randomKeys() {
    for (int i = 0; i < 2000; i++) {
      sameAsAlone(octets(), octets(), octets(), octets());
    }
  }

  @Test
  void edgePointsInEitherPlaceBesideAnythingAndEachOther() {
    List<byte[]> points = edgePoints();
    for (int i = 0; i < points.size(); i++) {
      byte[] point = points.get(i);
      sameAsAlone(octets(), point, octets(), octets());
      sameAsAlone(octets(), octets(), octets(), point);
      sameAsAlone(octets(), point, octets(), points.get(random.nextInt(points.size())));
    }
  }

  @Test
  void edgeScalars() {
    for (int octet : List.of(0, 1, 7, 8, 0x40, 0x55, 0x7f, 0x80, 0xaa, 0xf8, 0xff)) {
      sameAsAlone(octetsOf(octet), octets(), octets(), octets());
      sameAsAlone(octetsOf(octet), ReferenceNoise.base(), octetsOf(~octet), octets());
    }
    for (int bit = 0; bit < 256; bit++) {
      byte[] power = littleEndian(BigInteger.TWO.pow(bit));
      sameAsAlone(power, octets(), littleEndian(BigInteger.TWO.pow(255 - bit)), octets());
    }
  }

  @Test
  void aPointOfLowOrderGivesZeroAndDoesNotDisturbTheOther() {
    for (String low : LowOrder.POINTS) {
      byte[] secret = octets();
      byte[] point = octets();
      byte[] expected = new byte[32];
      X25519.agree(secret, point, expected);
      for (boolean first : new boolean[] {true, false}) {
        byte[] zero = octetsOf(1);
        byte[] out = octetsOf(1);
        byte[] bad = HEX.parseHex(low);
        boolean good =
            first
                ? X25519Lanes.agreeBoth(octets(), bad, zero, secret, point, out)
                : X25519Lanes.agreeBoth(secret, point, out, octets(), bad, zero);
        assertThat(good).as(low).isFalse();
        assertThat(zero).as(low).containsOnly(0);
        assertThat(out).as(low).isEqualTo(expected);
      }
    }
  }

  @Test
  void twoOneAfterTheOtherGiveTheSame() {
    for (int i = 0; i < 20; i++) {
      byte[][] in = {octets(), octets(), octets(), i % 2 == 0 ? octets() : new byte[32]};
      byte[][] out = new byte[4][32];
      boolean good = X25519.agreeBoth(in[0], in[1], out[0], in[2], in[3], out[1]);
      assertThat(good)
          .isEqualTo(X25519Lanes.agreeBoth(in[0], in[1], out[2], in[2], in[3], out[3]))
          .isEqualTo(i % 2 == 0);
      assertThat(out[0]).isEqualTo(out[2]);
      assertThat(out[1]).isEqualTo(out[3]);
    }
  }

  @Test
  void thePublicKeyComesAlong() {
    for (boolean lanes : new boolean[] {false, true}) {
      X25519.inLanes(lanes);
      try {
        byte[] secret = octets();
        byte[] ephemeral = octets();
        byte[] point = octets();
        byte[] expected = new byte[32];
        byte[] shared = new byte[32];
        byte[] publicKey = new byte[32];
        X25519.agree(secret, point, expected);
        assertThat(Primitives.dhAndPublicKey(secret, point, shared, ephemeral, publicKey)).isTrue();
        assertThat(shared).isEqualTo(expected);
        assertThat(publicKey).isEqualTo(ReferenceNoise.x25519(ephemeral, ReferenceNoise.base()));
        byte[] none = new byte[32];
        assertThat(Primitives.dhAndPublicKey(secret, none, shared, ephemeral, publicKey)).isFalse();
      } finally {
        X25519.inLanes(false);
      }
    }
  }
}
