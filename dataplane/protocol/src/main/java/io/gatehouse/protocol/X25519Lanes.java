// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static io.gatehouse.protocol.FieldLanes.L;
import static io.gatehouse.protocol.FieldLanes.LANES;
import static io.gatehouse.protocol.FieldLanes.LENGTH;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Two Montgomery ladders of {@link X25519} side by side, each with two lanes: what it has in pairs,
 * such as x and z of a point, lies in both. A step is five products of four lanes then, where two
 * ladders one after the other take eighteen products and two with a small number. Takes the same
 * steps whatever the secrets are: their bits choose by masks, never by branch or index.
 *
 * <p>Lanes 0 and 1 are the first ladder's, 2 and 3 the second's. Names in brackets are what is in
 * such a pair of lanes. They are those of RFC 7748, section 5.
 */
final class X25519Lanes {
  private static final double A24 = 121665;

  /** [a, b] becomes [b, a]. */
  private static final VectorShuffle<Double> OTHER = VectorShuffle.fromOp(LANES, i -> i ^ 1);

  private static final VectorMask<Double> SECOND = VectorMask.fromLong(LANES, 0b1010);

  /** [1, -1]. */
  private static final double[] PLUS_MINUS = {1, -1, 1, -1};

  /** [0, 1]. */
  private static final double[] SECOND_ONLY = {0, 1, 0, 1};

  private final double[] point2 = new double[LENGTH]; // [x2, z2]
  private final double[] point3 = new double[LENGTH]; // [x3, z3]
  private final double[] factors = new double[LENGTH]; // [-a24, x1]
  private final double[] ab = new double[LENGTH];
  private final double[] dc = new double[LENGTH];
  private final double[] r = new double[LENGTH];
  private final double[] s = new double[LENGTH];
  private final double[] t = new double[LENGTH];
  private final long[] swap = new long[L];

  private X25519Lanes() {}

  /** See {@link X25519#agreeBoth}. */
  static boolean agreeBoth(
      byte[] secret1, byte[] point1, byte[] out1, byte[] secret2, byte[] point2, byte[] out2) {
    long[] k1 = X25519.clamped(secret1);
    long[] k2 = X25519.clamped(secret2);
    X25519Lanes ladders = new X25519Lanes();
    ladders.start(0, point1);
    ladders.start(2, point2);
    ladders.climb(k1, k2);
    FieldLanes.encode(ladders.point2, 0, out1);
    FieldLanes.encode(ladders.point2, 2, out2);
    ladders.wipe();
    Arrays.fill(k1, 0);
    Arrays.fill(k2, 0);
    return X25519.isNotZero(out1) && X25519.isNotZero(out2);
  }

  private void start(int lane, byte[] u) {
    FieldLanes.set(point2, lane, 1);
    FieldLanes.decode(u, point3, lane);
    FieldLanes.set(point3, lane + 1, 1);
    FieldLanes.set(factors, lane, -A24);
    FieldLanes.decode(u, factors, lane + 1);
  }

  private void climb(long[] k1, long[] k2) {
    long swapped1 = 0;
    long swapped2 = 0;
    for (int bit = 254; bit >= 0; bit--) {
      long bit1 = k1[bit >> 6] >>> bit & 1;
      long bit2 = k2[bit >> 6] >>> bit & 1;
      Arrays.fill(swap, 0, 2, -(bit1 ^ swapped1));
      Arrays.fill(swap, 2, 4, -(bit2 ^ swapped2));
      swapped1 = bit1;
      swapped2 = bit2;
      step();
    }
    // The lowest bits are clear, so nothing is left to swap.
    FieldLanes.invert(r, point2);
    exchange(r);
    FieldLanes.multiply(point2, point2, r); // [x2 / z2, z2 / x2]
  }

  /** Doubles the points 2, and adds them to the points 3, after exchanging them or not. */
  private void step() {
    sums(swap, point2, point3, ab, dc);
    FieldLanes.multiply(r, ab, dc); // [DA, CB]
    FieldLanes.square(t, ab); // [AA, BB]
    sum(r);
    FieldLanes.square(r, r); // [x3, (DA - CB)^2]
    differences(t, r, ab, s);
    FieldLanes.multiply(s, s, factors); // [a24 E, z3]
    last(t, r, s, point3);
    FieldLanes.multiply(point2, ab, t); // [AA BB, E (AA + a24 E)]
  }

  /** Gives [A, B] and [D, C] of points, exchanged where the mask says so. */
  private static void sums(
      long[] swap, double[] point2, double[] point3, double[] ab, double[] dc) {
    LongVector mask = LongVector.fromArray(LongVector.SPECIES_256, swap, 0);
    DoubleVector plusMinus = DoubleVector.fromArray(LANES, PLUS_MINUS, 0);
    DoubleVector minusPlus = plusMinus.neg();
    for (int i = 0; i < LENGTH; i += L) {
      LongVector x = DoubleVector.fromArray(LANES, point2, i).reinterpretAsLongs();
      LongVector y = DoubleVector.fromArray(LANES, point3, i).reinterpretAsLongs();
      LongVector change = x.lanewise(XOR, y).and(mask);
      DoubleVector p = x.lanewise(XOR, change).reinterpretAsDoubles();
      DoubleVector q = y.lanewise(XOR, change).reinterpretAsDoubles();
      p.fma(plusMinus, p.rearrange(OTHER)).intoArray(ab, i);
      q.rearrange(OTHER).fma(minusPlus, q).intoArray(dc, i);
    }
  }

  /** [a, b] becomes [a + b, a - b]. */
  private static void sum(double[] x) {
    DoubleVector sign = DoubleVector.fromArray(LANES, PLUS_MINUS, 0);
    for (int i = 0; i < LENGTH; i += L) {
      DoubleVector v = DoubleVector.fromArray(LANES, x, i);
      v.fma(sign, v.rearrange(OTHER)).intoArray(x, i);
    }
  }

  /**
   * From the squares [AA, BB] and [x3, (DA - CB)^2]: [AA, E] and [-E, (DA - CB)^2], where E is the
   * difference AA - BB.
   */
  private static void differences(double[] squares, double[] sums, double[] ae, double[] ed) {
    for (int i = 0; i < LENGTH; i += L) {
      DoubleVector v = DoubleVector.fromArray(LANES, squares, i);
      DoubleVector e = v.rearrange(OTHER).sub(v);
      v.blend(e, SECOND).intoArray(ae, i);
      e.blend(DoubleVector.fromArray(LANES, sums, i), SECOND).intoArray(ed, i);
    }
  }

  /**
   * Makes [BB, AA + a24 E] of [AA, BB], and the points 3, from [x3, (DA - CB)^2] and [a24 E, z3].
   */
  private static void last(double[] squares, double[] sums, double[] products, double[] point3) {
    DoubleVector second = DoubleVector.fromArray(LANES, SECOND_ONLY, 0);
    for (int i = 0; i < LENGTH; i += L) {
      DoubleVector product = DoubleVector.fromArray(LANES, products, i);
      DoubleVector square = DoubleVector.fromArray(LANES, squares, i);
      product.rearrange(OTHER).fma(second, square.rearrange(OTHER)).intoArray(squares, i);
      DoubleVector.fromArray(LANES, sums, i).blend(product, SECOND).intoArray(point3, i);
    }
  }

  private static void exchange(double[] x) {
    for (int i = 0; i < LENGTH; i += L) {
      DoubleVector.fromArray(LANES, x, i).rearrange(OTHER).intoArray(x, i);
    }
  }

  private void wipe() {
    FieldLanes.wipe(point2, point3, factors, ab, dc, r, s, t);
    Arrays.fill(swap, 0);
  }
}
