// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static io.gatehouse.protocol.FieldLanes.L;
import static io.gatehouse.protocol.FieldLanes.LENGTH;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Arithmetic in lanes against big integers, at the limbs' limits above all. */
class FieldLanesTest {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final long FACTOR_LIMIT = (1L << 43) + (1L << 19);
  private static final double REDUCED = 0x1p42 + 0x1p15;
  private static final int ROUNDS = 5_000;

  private final Random random = new Random(43);

  private static BigInteger value(double[] x, int lane) {
    BigInteger sum = BigInteger.ZERO;
    for (int i = 5; i >= 0; i--) {
      // Fails where a limb is no whole number.
      sum = sum.shiftLeft(43).add(new BigDecimal(x[lane + i * L]).toBigIntegerExact());
    }
    return sum.mod(P);
  }

  /** Limbs as big as a factor may have them, both ways, all or some, or nearly, or anything. */
  private double[] factors() {
    double[] x = new double[LENGTH];
    for (int lane = 0; lane < L; lane++) {
      int kind = random.nextInt(8);
      for (int at = lane; at < LENGTH; at += L) {
        x[at] =
            switch (kind < 4 ? kind : random.nextInt(7)) {
              case 0 -> FACTOR_LIMIT;
              case 1 -> -FACTOR_LIMIT;
              case 2 -> FACTOR_LIMIT - random.nextLong(20);
              case 3 -> random.nextLong(20) - FACTOR_LIMIT;
              case 4 -> random.nextLong(-20, 20);
              case 5 -> (1L << random.nextInt(43)) - random.nextLong(2);
              default -> random.nextLong(-FACTOR_LIMIT, FACTOR_LIMIT);
            };
      }
    }
    return x;
  }

  private static void assertReduced(double[] x) {
    for (double limb : x) {
      assertThat(limb).isBetween(-REDUCED, REDUCED);
    }
  }

  @Test
  void products() {
    double[] product = new double[LENGTH];
    for (int i = 0; i < ROUNDS; i++) {
      double[] x = factors();
      double[] y = factors();
      FieldLanes.multiply(product, x, y);
      assertReduced(product);
      for (int lane = 0; lane < L; lane++) {
        assertThat(value(product, lane)).isEqualTo(value(x, lane).multiply(value(y, lane)).mod(P));
      }
      FieldLanes.multiply(x, x, y);
      assertThat(x).as("in place").isEqualTo(product);
    }
  }

  @Test
  void squares() {
    double[] square = new double[LENGTH];
    for (int i = 0; i < ROUNDS; i++) {
      double[] x = factors();
      FieldLanes.square(square, x);
      assertReduced(square);
      for (int lane = 0; lane < L; lane++) {
        assertThat(value(square, lane)).isEqualTo(value(x, lane).pow(2).mod(P));
      }
      FieldLanes.square(x, x);
      assertThat(x).as("in place").isEqualTo(square);
    }
  }

  @Test
  void inversesAndZeroForZero() {
    double[] inverse = new double[LENGTH];
    for (int i = 0; i < 100; i++) {
      double[] x = factors();
      FieldLanes.set(x, i % L, 0);
      FieldLanes.invert(inverse, x);
      assertReduced(inverse);
      for (int lane = 0; lane < L; lane++) {
        assertThat(value(inverse, lane))
            .isEqualTo(value(x, lane).modPow(P.subtract(BigInteger.TWO), P));
      }
    }
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
  void decodedNumbersHaveTheirValueAndOneEncoding() {
    double[] x = factors();
    byte[] out = new byte[32];
    for (int i = 0; i < ROUNDS; i++) {
      BigInteger number =
          switch (i % 3) {
            case 0 -> P.add(BigInteger.valueOf(i % 59 - 40));
            case 1 -> BigInteger.TWO.pow(random.nextInt(256)).subtract(BigInteger.ONE);
            default -> new BigInteger(256, random);
          };
      int lane = random.nextInt(L);
      FieldLanes.decode(octets(number), x, lane);
      BigInteger value = number.clearBit(255).mod(P);
      assertThat(value(x, lane)).isEqualTo(value);
      FieldLanes.encode(x, lane, out);
      assertThat(out).isEqualTo(octets(value));
    }
  }

  @Test
  void reducedNumbersAreEncoded() {
    byte[] out = new byte[32];
    for (int i = 0; i < ROUNDS; i++) {
      double[] x = factors();
      FieldLanes.square(x, x);
      for (int lane = 0; lane < L; lane++) {
        FieldLanes.encode(x, lane, out);
        assertThat(out).isEqualTo(octets(value(x, lane)));
      }
    }
  }
}
