// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Four numbers modulo p = 2^255 - 19 side by side in the lanes of vectors: {@link FieldElement} is
 * its slow twin. A number is the sum of six signed limbs, limb i times 2^(43 i); limb i of number j
 * is element 4 i + j of an array. 2^258 counts 152 at the bottom.
 *
 * <p>Limbs are whole numbers in doubles, because processors have more and cheaper fused
 * multiplications of those than of integers. <em>Nothing is ever rounded away</em>: a column's sum
 * of products runs through numbers near 1.5 2^97, whose last place is 2^45, so each step rounds the
 * sum there, and a second fused multiplication gives back exactly what the first one rounded off
 * (Dekker, 1971). No number is subnormal, none infinite, so the processor has no reason to take
 * longer for one than for another.
 *
 * <p>Products are <em>reduced</em>: no limb exceeds 2^42 + 2^15 in magnitude. A factor may be a sum
 * or difference of two reduced numbers: limbs up to 2^43 + 2^19 are allowed there. Then no column
 * exceeds (1 + 5 * 152) 2^86 < 2^96, no sum of six rests 2^47, and none with what is carried 2^53.
 * An operation's result may be one of its operands.
 *
 * <p>Vectors stay within one method: one that gets or gives a vector puts it on the heap wherever
 * it is not inlined. Hence the long methods, written out.
 */
final class FieldLanes {
  static final VectorSpecies<Double> LANES = DoubleVector.SPECIES_256;

  /** Lanes of a vector. */
  static final int L = 4;

  /** Elements of an array with four numbers. */
  static final int LENGTH = 6 * L;

  private static final int BITS = 43;
  private static final long MASK = (1L << BITS) - 1;

  /** What 2^258 is modulo p. */
  private static final double FOLD = 152;

  /** Sums near this one are rounded to multiples of 2^45. */
  private static final double SPLIT = 0x1.8p97;

  /** And near this one to multiples of 2^43. */
  private static final double ROUND = 0x1.8p95;

  /** Carries to the next limb. */
  private static final double SHIFT = 0x1p-43;

  /** Carries from the last limb to the first. */
  private static final double AROUND = 152 * 0x1p-43;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private FieldLanes() {}

  /** Whether the processor has vectors as long as these. */
  static boolean fitProcessor() {
    return DoubleVector.SPECIES_PREFERRED.length() >= L;
  }

  /** Puts a number of 32 octets, little-endian, without their highest bit, into one lane. */
  static void decode(byte[] octets, double[] to, int lane) {
    long a = (long) LONG.get(octets, 0);
    long b = (long) LONG.get(octets, 8);
    long c = (long) LONG.get(octets, 16);
    long d = (long) LONG.get(octets, 24) & Long.MAX_VALUE;
    to[lane] = a & MASK;
    to[lane + L] = (a >>> 43 | b << 21) & MASK;
    to[lane + 2 * L] = (b >>> 22 | c << 42) & MASK;
    to[lane + 3 * L] = c >>> 1 & MASK;
    to[lane + 4 * L] = (c >>> 44 | d << 20) & MASK;
    to[lane + 5 * L] = d >>> 23;
  }

  /** Puts a small whole number into one lane. */
  static void set(double[] to, int lane, double number) {
    to[lane] = number;
    for (int i = lane + L; i < LENGTH; i += L) {
      to[i] = 0;
    }
  }

  /** Writes the reduced number of one lane as {@link FieldElement#encode} does. */
  static void encode(double[] x, int lane, byte[] octets) {
    long a = (long) x[lane];
    long b = (long) x[lane + L];
    long c = (long) x[lane + 2 * L];
    long d = (long) x[lane + 3 * L];
    long e = (long) x[lane + 4 * L];
    long f = (long) x[lane + 5 * L];
    FieldElement element = new FieldElement();
    element.setLimbs(
        a + ((b & 0xff) << 43),
        (b >> 8) + ((c & 0xffff) << 35),
        (c >> 16) + ((d & 0xff_ffff) << 27),
        (d >> 24) + ((e & 0xffff_ffffL) << 19),
        (e >> 32) + (f << 11));
    element.encode(octets);
    element.set(0);
  }

  /** out = x y, reduced. */
  static void multiply(double[] out, double[] x, double[] y) {
    DoubleVector x0 = DoubleVector.fromArray(LANES, x, 0);
    DoubleVector x1 = DoubleVector.fromArray(LANES, x, L);
    DoubleVector x2 = DoubleVector.fromArray(LANES, x, 2 * L);
    DoubleVector x3 = DoubleVector.fromArray(LANES, x, 3 * L);
    DoubleVector x4 = DoubleVector.fromArray(LANES, x, 4 * L);
    DoubleVector x5 = DoubleVector.fromArray(LANES, x, 5 * L);
    DoubleVector y0 = DoubleVector.fromArray(LANES, y, 0);
    DoubleVector y1 = DoubleVector.fromArray(LANES, y, L);
    DoubleVector y2 = DoubleVector.fromArray(LANES, y, 2 * L);
    DoubleVector y3 = DoubleVector.fromArray(LANES, y, 3 * L);
    DoubleVector y4 = DoubleVector.fromArray(LANES, y, 4 * L);
    DoubleVector y5 = DoubleVector.fromArray(LANES, y, 5 * L);
    DoubleVector n1 = y1.mul(FOLD);
    DoubleVector n2 = y2.mul(FOLD);
    DoubleVector n3 = y3.mul(FOLD);
    DoubleVector n4 = y4.mul(FOLD);
    DoubleVector n5 = y5.mul(FOLD);
    DoubleVector split = DoubleVector.broadcast(LANES, SPLIT);
    DoubleVector round = DoubleVector.broadcast(LANES, ROUND);
    DoubleVector shift = DoubleVector.broadcast(LANES, SHIFT);
    DoubleVector around = DoubleVector.broadcast(LANES, AROUND);
    DoubleVector next;
    DoubleVector h0 = x0.fma(y0, split);
    DoubleVector l0 = x0.fma(y0, split.sub(h0));
    next = x1.fma(n5, h0);
    l0 = l0.add(x1.fma(n5, h0.sub(next)));
    h0 = next;
    next = x2.fma(n4, h0);
    l0 = l0.add(x2.fma(n4, h0.sub(next)));
    h0 = next;
    next = x3.fma(n3, h0);
    l0 = l0.add(x3.fma(n3, h0.sub(next)));
    h0 = next;
    next = x4.fma(n2, h0);
    l0 = l0.add(x4.fma(n2, h0.sub(next)));
    h0 = next;
    next = x5.fma(n1, h0);
    l0 = l0.add(x5.fma(n1, h0.sub(next)));
    h0 = next;
    DoubleVector h1 = x0.fma(y1, split);
    DoubleVector l1 = x0.fma(y1, split.sub(h1));
    next = x1.fma(y0, h1);
    l1 = l1.add(x1.fma(y0, h1.sub(next)));
    h1 = next;
    next = x2.fma(n5, h1);
    l1 = l1.add(x2.fma(n5, h1.sub(next)));
    h1 = next;
    next = x3.fma(n4, h1);
    l1 = l1.add(x3.fma(n4, h1.sub(next)));
    h1 = next;
    next = x4.fma(n3, h1);
    l1 = l1.add(x4.fma(n3, h1.sub(next)));
    h1 = next;
    next = x5.fma(n2, h1);
    l1 = l1.add(x5.fma(n2, h1.sub(next)));
    h1 = next;
    DoubleVector h2 = x0.fma(y2, split);
    DoubleVector l2 = x0.fma(y2, split.sub(h2));
    next = x1.fma(y1, h2);
    l2 = l2.add(x1.fma(y1, h2.sub(next)));
    h2 = next;
    next = x2.fma(y0, h2);
    l2 = l2.add(x2.fma(y0, h2.sub(next)));
    h2 = next;
    next = x3.fma(n5, h2);
    l2 = l2.add(x3.fma(n5, h2.sub(next)));
    h2 = next;
    next = x4.fma(n4, h2);
    l2 = l2.add(x4.fma(n4, h2.sub(next)));
    h2 = next;
    next = x5.fma(n3, h2);
    l2 = l2.add(x5.fma(n3, h2.sub(next)));
    h2 = next;
    DoubleVector h3 = x0.fma(y3, split);
    DoubleVector l3 = x0.fma(y3, split.sub(h3));
    next = x1.fma(y2, h3);
    l3 = l3.add(x1.fma(y2, h3.sub(next)));
    h3 = next;
    next = x2.fma(y1, h3);
    l3 = l3.add(x2.fma(y1, h3.sub(next)));
    h3 = next;
    next = x3.fma(y0, h3);
    l3 = l3.add(x3.fma(y0, h3.sub(next)));
    h3 = next;
    next = x4.fma(n5, h3);
    l3 = l3.add(x4.fma(n5, h3.sub(next)));
    h3 = next;
    next = x5.fma(n4, h3);
    l3 = l3.add(x5.fma(n4, h3.sub(next)));
    h3 = next;
    DoubleVector h4 = x0.fma(y4, split);
    DoubleVector l4 = x0.fma(y4, split.sub(h4));
    next = x1.fma(y3, h4);
    l4 = l4.add(x1.fma(y3, h4.sub(next)));
    h4 = next;
    next = x2.fma(y2, h4);
    l4 = l4.add(x2.fma(y2, h4.sub(next)));
    h4 = next;
    next = x3.fma(y1, h4);
    l4 = l4.add(x3.fma(y1, h4.sub(next)));
    h4 = next;
    next = x4.fma(y0, h4);
    l4 = l4.add(x4.fma(y0, h4.sub(next)));
    h4 = next;
    next = x5.fma(n5, h4);
    l4 = l4.add(x5.fma(n5, h4.sub(next)));
    h4 = next;
    DoubleVector h5 = x0.fma(y5, split);
    DoubleVector l5 = x0.fma(y5, split.sub(h5));
    next = x1.fma(y4, h5);
    l5 = l5.add(x1.fma(y4, h5.sub(next)));
    h5 = next;
    next = x2.fma(y3, h5);
    l5 = l5.add(x2.fma(y3, h5.sub(next)));
    h5 = next;
    next = x3.fma(y2, h5);
    l5 = l5.add(x3.fma(y2, h5.sub(next)));
    h5 = next;
    next = x4.fma(y1, h5);
    l5 = l5.add(x4.fma(y1, h5.sub(next)));
    h5 = next;
    next = x5.fma(y0, h5);
    l5 = l5.add(x5.fma(y0, h5.sub(next)));
    h5 = next;
    h0 = h0.sub(split);
    h1 = h1.sub(split);
    h2 = h2.sub(split);
    h3 = h3.sub(split);
    h4 = h4.sub(split);
    h5 = h5.sub(split);
    l0 = h5.fma(around, l0);
    l1 = h0.fma(shift, l1);
    l2 = h1.fma(shift, l2);
    l3 = h2.fma(shift, l3);
    l4 = h3.fma(shift, l4);
    l5 = h4.fma(shift, l5);
    h0 = l0.add(round).sub(round);
    h1 = l1.add(round).sub(round);
    h2 = l2.add(round).sub(round);
    h3 = l3.add(round).sub(round);
    h4 = l4.add(round).sub(round);
    h5 = l5.add(round).sub(round);
    h5.fma(around, l0.sub(h0)).intoArray(out, 0);
    h0.fma(shift, l1.sub(h1)).intoArray(out, L);
    h1.fma(shift, l2.sub(h2)).intoArray(out, 2 * L);
    h2.fma(shift, l3.sub(h3)).intoArray(out, 3 * L);
    h3.fma(shift, l4.sub(h4)).intoArray(out, 4 * L);
    h4.fma(shift, l5.sub(h5)).intoArray(out, 5 * L);
  }

  /** out = x x, reduced; see {@link #multiply}. */
  static void square(double[] out, double[] x) {
    DoubleVector x0 = DoubleVector.fromArray(LANES, x, 0);
    DoubleVector x1 = DoubleVector.fromArray(LANES, x, L);
    DoubleVector x2 = DoubleVector.fromArray(LANES, x, 2 * L);
    DoubleVector x3 = DoubleVector.fromArray(LANES, x, 3 * L);
    DoubleVector x4 = DoubleVector.fromArray(LANES, x, 4 * L);
    DoubleVector x5 = DoubleVector.fromArray(LANES, x, 5 * L);
    DoubleVector d0 = x0.add(x0);
    DoubleVector d1 = x1.add(x1);
    DoubleVector d2 = x2.add(x2);
    DoubleVector d3 = x3.add(x3);
    DoubleVector d4 = x4.add(x4);
    DoubleVector n3 = x3.mul(FOLD);
    DoubleVector n4 = x4.mul(FOLD);
    DoubleVector n5 = x5.mul(FOLD);
    DoubleVector split = DoubleVector.broadcast(LANES, SPLIT);
    DoubleVector round = DoubleVector.broadcast(LANES, ROUND);
    DoubleVector shift = DoubleVector.broadcast(LANES, SHIFT);
    DoubleVector around = DoubleVector.broadcast(LANES, AROUND);
    DoubleVector next;
    DoubleVector h0 = x0.fma(x0, split);
    DoubleVector l0 = x0.fma(x0, split.sub(h0));
    next = d1.fma(n5, h0);
    l0 = l0.add(d1.fma(n5, h0.sub(next)));
    h0 = next;
    next = d2.fma(n4, h0);
    l0 = l0.add(d2.fma(n4, h0.sub(next)));
    h0 = next;
    next = x3.fma(n3, h0);
    l0 = l0.add(x3.fma(n3, h0.sub(next)));
    h0 = next;
    DoubleVector h1 = d0.fma(x1, split);
    DoubleVector l1 = d0.fma(x1, split.sub(h1));
    next = d2.fma(n5, h1);
    l1 = l1.add(d2.fma(n5, h1.sub(next)));
    h1 = next;
    next = d3.fma(n4, h1);
    l1 = l1.add(d3.fma(n4, h1.sub(next)));
    h1 = next;
    DoubleVector h2 = d0.fma(x2, split);
    DoubleVector l2 = d0.fma(x2, split.sub(h2));
    next = x1.fma(x1, h2);
    l2 = l2.add(x1.fma(x1, h2.sub(next)));
    h2 = next;
    next = d3.fma(n5, h2);
    l2 = l2.add(d3.fma(n5, h2.sub(next)));
    h2 = next;
    next = x4.fma(n4, h2);
    l2 = l2.add(x4.fma(n4, h2.sub(next)));
    h2 = next;
    DoubleVector h3 = d0.fma(x3, split);
    DoubleVector l3 = d0.fma(x3, split.sub(h3));
    next = d1.fma(x2, h3);
    l3 = l3.add(d1.fma(x2, h3.sub(next)));
    h3 = next;
    next = d4.fma(n5, h3);
    l3 = l3.add(d4.fma(n5, h3.sub(next)));
    h3 = next;
    DoubleVector h4 = d0.fma(x4, split);
    DoubleVector l4 = d0.fma(x4, split.sub(h4));
    next = d1.fma(x3, h4);
    l4 = l4.add(d1.fma(x3, h4.sub(next)));
    h4 = next;
    next = x2.fma(x2, h4);
    l4 = l4.add(x2.fma(x2, h4.sub(next)));
    h4 = next;
    next = x5.fma(n5, h4);
    l4 = l4.add(x5.fma(n5, h4.sub(next)));
    h4 = next;
    DoubleVector h5 = d0.fma(x5, split);
    DoubleVector l5 = d0.fma(x5, split.sub(h5));
    next = d1.fma(x4, h5);
    l5 = l5.add(d1.fma(x4, h5.sub(next)));
    h5 = next;
    next = d2.fma(x3, h5);
    l5 = l5.add(d2.fma(x3, h5.sub(next)));
    h5 = next;
    h0 = h0.sub(split);
    h1 = h1.sub(split);
    h2 = h2.sub(split);
    h3 = h3.sub(split);
    h4 = h4.sub(split);
    h5 = h5.sub(split);
    l0 = h5.fma(around, l0);
    l1 = h0.fma(shift, l1);
    l2 = h1.fma(shift, l2);
    l3 = h2.fma(shift, l3);
    l4 = h3.fma(shift, l4);
    l5 = h4.fma(shift, l5);
    h0 = l0.add(round).sub(round);
    h1 = l1.add(round).sub(round);
    h2 = l2.add(round).sub(round);
    h3 = l3.add(round).sub(round);
    h4 = l4.add(round).sub(round);
    h5 = l5.add(round).sub(round);
    h5.fma(around, l0.sub(h0)).intoArray(out, 0);
    h0.fma(shift, l1.sub(h1)).intoArray(out, L);
    h1.fma(shift, l2.sub(h2)).intoArray(out, 2 * L);
    h2.fma(shift, l3.sub(h3)).intoArray(out, 3 * L);
    h3.fma(shift, l4.sub(h4)).intoArray(out, 4 * L);
    h4.fma(shift, l5.sub(h5)).intoArray(out, 5 * L);
  }

  private static void square(double[] out, double[] x, int count) {
    square(out, x);
    for (int i = 1; i < count; i++) {
      square(out, out);
    }
  }

  /** out = 1/x, and zero for zero: x to the power of p - 2, as {@link FieldElement#invert}. */
  static void invert(double[] out, double[] x) {
    double[] x2 = new double[LENGTH];
    double[] x9 = new double[LENGTH];
    double[] x11 = new double[LENGTH];
    double[] ones = new double[LENGTH];
    double[] t = new double[LENGTH];
    square(x2, x);
    square(x9, x2, 2);
    multiply(x9, x9, x);
    multiply(x11, x9, x2);
    square(t, x11);
    multiply(ones, t, x9); // The exponent is 2^5 - 1: five ones.
    square(t, ones, 5);
    multiply(ones, t, ones);
    double[] ones10 = x2;
    System.arraycopy(ones, 0, ones10, 0, LENGTH);
    square(t, ones, 10);
    multiply(ones, t, ones);
    square(t, ones, 20);
    multiply(ones, t, ones);
    square(t, ones, 10);
    multiply(ones, t, ones10);
    double[] ones50 = x9;
    System.arraycopy(ones, 0, ones50, 0, LENGTH);
    square(t, ones, 50);
    multiply(ones, t, ones);
    square(t, ones, 100);
    multiply(ones, t, ones);
    square(t, ones, 50);
    multiply(ones, t, ones50); // 250 ones.
    square(t, ones, 5);
    multiply(out, t, x11);
    wipe(x2, x9, x11, ones, t);
  }

  static void wipe(double[]... secrets) {
    for (double[] secret : secrets) {
      Arrays.fill(secret, 0);
    }
  }
}
