// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Arithmetic modulo 2^255 - 19 against big integers, at the limbs' limits above all. */
class FieldElementTest {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final long FACTOR_LIMIT = (1L << 53) - 1;
  private static final int ROUNDS = 20_000;

  private final Random random = new Random(25519);

  private static BigInteger value(FieldElement element) {
    long[] limbs = element.limbs();
    BigInteger sum = BigInteger.ZERO;
    for (int i = 4; i >= 0; i--) {
      sum = sum.shiftLeft(51).add(BigInteger.valueOf(limbs[i]));
    }
    return sum.mod(P);
  }

  /** Limbs as big as a factor may have them, both ways, or nearly, or anything. */
  private FieldElement factor() {
    long[] limbs = new long[5];
    for (int i = 0; i < 5; i++) {
      limbs[i] =
          switch (random.nextInt(5)) {
            case 0 -> FACTOR_LIMIT;
            case 1 -> -FACTOR_LIMIT;
            case 2 -> random.nextLong(-20, 20);
            case 3 -> (1L << 51) - random.nextLong(-20, 20);
            default -> random.nextLong(-FACTOR_LIMIT, FACTOR_LIMIT);
          };
    }
    FieldElement element = new FieldElement();
    element.setLimbs(limbs[0], limbs[1], limbs[2], limbs[3], limbs[4]);
    return element;
  }

  private static void assertReduced(FieldElement element) {
    for (long limb : element.limbs()) {
      assertThat(limb).isBetween(-(1L << 18), (1L << 51) + (1L << 18));
    }
  }

  @Test
  void products() {
    for (int i = 0; i < ROUNDS; i++) {
      FieldElement x = factor();
      FieldElement y = factor();
      BigInteger expected = value(x).multiply(value(y)).mod(P);
      FieldElement product = new FieldElement();
      product.multiply(x, y);
      assertThat(value(product)).isEqualTo(expected);
      assertReduced(product);
      x.multiply(x, y);
      assertThat(x.limbs()).as("in place").isEqualTo(product.limbs());
    }
  }

  @Test
  void squares() {
    for (int i = 0; i < ROUNDS; i++) {
      FieldElement x = factor();
      BigInteger expected = value(x).pow(2).mod(P);
      x.square(x);
      assertThat(value(x)).isEqualTo(expected);
      assertReduced(x);
    }
  }

  @Test
  void productsWithASmallNumber() {
    for (int i = 0; i < ROUNDS; i++) {
      FieldElement x = factor();
      int small = i % 2 == 0 ? 121665 : random.nextInt(1 << 20);
      BigInteger expected = value(x).multiply(BigInteger.valueOf(small)).mod(P);
      x.multiply(x, small);
      assertThat(value(x)).isEqualTo(expected);
      assertReduced(x);
    }
  }

  @Test
  void sumsAndDifferences() {
    for (int i = 0; i < ROUNDS; i++) {
      FieldElement x = factor();
      FieldElement y = factor();
      FieldElement result = new FieldElement();
      result.add(x, y);
      assertThat(value(result)).isEqualTo(value(x).add(value(y)).mod(P));
      result.subtract(x, y);
      assertThat(value(result)).isEqualTo(value(x).subtract(value(y)).mod(P));
    }
  }

  @Test
  void inverses() {
    FieldElement inverse = new FieldElement();
    for (int i = 0; i < 200; i++) {
      FieldElement x = factor();
      inverse.invert(x);
      assertThat(value(inverse)).isEqualTo(value(x).modPow(P.subtract(BigInteger.TWO), P));
      assertReduced(inverse);
    }
    inverse.invert(new FieldElement());
    assertThat(value(inverse)).isZero();
  }

  @Test
  void swapsWhenTheMaskIsSet() {
    FieldElement x = factor();
    FieldElement y = factor();
    long[] one = x.limbs();
    long[] other = y.limbs();
    FieldElement.swap(x, y, 0);
    assertThat(x.limbs()).isEqualTo(one);
    assertThat(y.limbs()).isEqualTo(other);
    FieldElement.swap(x, y, -1);
    assertThat(x.limbs()).isEqualTo(other);
    assertThat(y.limbs()).isEqualTo(one);
  }

  private static byte[] octets(BigInteger number) {
    byte[] out = new byte[32];
    byte[] big = number.toByteArray();
    for (int i = 0; i < Math.min(32, big.length); i++) {
      out[i] = big[big.length - 1 - i];
    }
    return out;
  }

  @Test
  void everyValueHasOneEncoding() {
    byte[] out = new byte[32];
    for (int i = 0; i < ROUNDS; i++) {
      FieldElement x = factor();
      BigInteger before = value(x);
      x.encode(out);
      assertThat(out).isEqualTo(octets(before));
      assertThat(value(x)).isEqualTo(before);
    }
  }

  @Test
  void numbersAroundThePrimeAreEncodedReduced() {
    byte[] out = new byte[32];
    for (int i = -40; i < 19; i++) {
      BigInteger number = P.add(BigInteger.valueOf(i));
      FieldElement x = new FieldElement();
      x.decode(octets(number));
      assertThat(value(x)).isEqualTo(number.mod(P));
      x.encode(out);
      assertThat(out).isEqualTo(octets(number.mod(P)));
    }
  }

  @Test
  void theHighestBitOfAnEncodingDoesNotCount() {
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 0xff);
    FieldElement x = new FieldElement();
    x.decode(ones);
    assertThat(value(x)).isEqualTo(BigInteger.valueOf(18));
  }
}
