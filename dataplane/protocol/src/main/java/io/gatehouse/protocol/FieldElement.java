// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A number modulo p = 2^255 - 19 that can be changed: the sum of five signed limbs, limb i times
 * 2^(51 i).
 *
 * <p>Limbs are not unique. Products are <em>reduced</em>: each limb lies between -2^18 and 2^51 +
 * 2^18. A factor may be a sum or difference of reduced numbers, since limbs of less than 2^53 in
 * magnitude are allowed there. An operation's result may be one of its operands. Time never depends
 * on values. For one thread.
 */
final class FieldElement {
  private static final int BITS = 51;
  private static final long MASK = (1L << BITS) - 1;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long l0;
  private long l1;
  private long l2;
  private long l3;
  private long l4;

  /** Becomes 0 or 1. Zero also serves to wipe. */
  void set(int zeroOrOne) {
    setLimbs(zeroOrOne, 0, 0, 0, 0);
  }

  void set(FieldElement x) {
    setLimbs(x.l0, x.l1, x.l2, x.l3, x.l4);
  }

  void setLimbs(long c0, long c1, long c2, long c3, long c4) {
    l0 = c0;
    l1 = c1;
    l2 = c2;
    l3 = c3;
    l4 = c4;
  }

  /** Reads 32 octets, little-endian, without their highest bit; the number may exceed p. */
  void decode(byte[] octets) {
    long a = (long) LONG.get(octets, 0);
    long b = (long) LONG.get(octets, 8);
    long c = (long) LONG.get(octets, 16);
    long d = (long) LONG.get(octets, 24) & Long.MAX_VALUE;
    setLimbs(
        a & MASK,
        (a >>> 51 | b << 13) & MASK,
        (b >>> 38 | c << 26) & MASK,
        (c >>> 25 | d << 39) & MASK,
        d >>> 12);
  }

  /** Writes 32 octets, little-endian: the one number of this value from 0 to p - 1. */
  void encode(byte[] octets) {
    // Three times around leaves limbs of 51 bits: a number from 0 to 2^255 - 1.
    carryAround();
    carryAround();
    carryAround();
    // Whether it is at least p: then adding 19 reaches 2^255.
    long q = l0 + 19 >> BITS;
    q = l1 + q >> BITS;
    q = l2 + q >> BITS;
    q = l3 + q >> BITS;
    q = l4 + q >> BITS;
    l0 += 19 * q;
    carryUp();
    l4 &= MASK;
    LONG.set(octets, 0, l0 | l1 << 51);
    LONG.set(octets, 8, l1 >>> 13 | l2 << 38);
    LONG.set(octets, 16, l2 >>> 26 | l3 << 25);
    LONG.set(octets, 24, l3 >>> 39 | l4 << 12);
  }

  private void carryAround() {
    carryUp();
    l0 += 19 * (l4 >> BITS);
    l4 &= MASK;
  }

  private void carryUp() {
    l1 += l0 >> BITS;
    l0 &= MASK;
    l2 += l1 >> BITS;
    l1 &= MASK;
    l3 += l2 >> BITS;
    l2 &= MASK;
    l4 += l3 >> BITS;
    l3 &= MASK;
  }

  /** Becomes x + y, not reduced. */
  void add(FieldElement x, FieldElement y) {
    setLimbs(x.l0 + y.l0, x.l1 + y.l1, x.l2 + y.l2, x.l3 + y.l3, x.l4 + y.l4);
  }

  /** Becomes x - y, not reduced. */
  void subtract(FieldElement x, FieldElement y) {
    setLimbs(x.l0 - y.l0, x.l1 - y.l1, x.l2 - y.l2, x.l3 - y.l3, x.l4 - y.l4);
  }

  /**
   * Becomes x y, reduced.
   *
   * <p>Each column k is a sum of five products S = 2^54 h + r. The high words of (2^10 a) b add up
   * to h without a carry. Then r, which has 57 bits, follows from S modulo 2^64, the sum of the low
   * words.
   */
  void multiply(FieldElement x, FieldElement y) {
    long a0 = x.l0;
    long a1 = x.l1;
    long a2 = x.l2;
    long a3 = x.l3;
    long a4 = x.l4;
    long s0 = a0 << 10;
    long s1 = a1 << 10;
    long s2 = a2 << 10;
    long s3 = a3 << 10;
    long s4 = a4 << 10;
    long b0 = y.l0;
    long b1 = y.l1;
    long b2 = y.l2;
    long b3 = y.l3;
    long b4 = y.l4;
    // What lies above 2^255 counts 19 times at the bottom.
    long n1 = 19 * b1;
    long n2 = 19 * b2;
    long n3 = 19 * b3;
    long n4 = 19 * b4;
    long h0 =
        Math.multiplyHigh(s0, b0)
            + Math.multiplyHigh(s1, n4)
            + Math.multiplyHigh(s2, n3)
            + Math.multiplyHigh(s3, n2)
            + Math.multiplyHigh(s4, n1);
    long r0 = a0 * b0 + a1 * n4 + a2 * n3 + a3 * n2 + a4 * n1 - (h0 << 54);
    long h1 =
        Math.multiplyHigh(s0, b1)
            + Math.multiplyHigh(s1, b0)
            + Math.multiplyHigh(s2, n4)
            + Math.multiplyHigh(s3, n3)
            + Math.multiplyHigh(s4, n2);
    long r1 = a0 * b1 + a1 * b0 + a2 * n4 + a3 * n3 + a4 * n2 - (h1 << 54);
    long h2 =
        Math.multiplyHigh(s0, b2)
            + Math.multiplyHigh(s1, b1)
            + Math.multiplyHigh(s2, b0)
            + Math.multiplyHigh(s3, n4)
            + Math.multiplyHigh(s4, n3);
    long r2 = a0 * b2 + a1 * b1 + a2 * b0 + a3 * n4 + a4 * n3 - (h2 << 54);
    long h3 =
        Math.multiplyHigh(s0, b3)
            + Math.multiplyHigh(s1, b2)
            + Math.multiplyHigh(s2, b1)
            + Math.multiplyHigh(s3, b0)
            + Math.multiplyHigh(s4, n4);
    long r3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + a4 * n4 - (h3 << 54);
    long h4 =
        Math.multiplyHigh(s0, b4)
            + Math.multiplyHigh(s1, b3)
            + Math.multiplyHigh(s2, b2)
            + Math.multiplyHigh(s3, b1)
            + Math.multiplyHigh(s4, b0);
    long r4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - (h4 << 54);
    setColumns(r0, r1, r2, r3, r4, h0, h1, h2, h3, h4);
  }

  /** Becomes x x, reduced; see {@link #multiply(FieldElement, FieldElement)}. */
  void square(FieldElement x) {
    long a0 = x.l0;
    long a1 = x.l1;
    long a2 = x.l2;
    long a3 = x.l3;
    long a4 = x.l4;
    long s0 = a0 << 10;
    long s1 = a1 << 10;
    long s2 = a2 << 10;
    long s3 = a3 << 10;
    long s4 = a4 << 10;
    long d1 = 2 * a1;
    long d2 = 2 * a2;
    long d3 = 2 * a3;
    long d4 = 2 * a4;
    long n3 = 19 * a3;
    long n4 = 19 * a4;
    long m3 = 2 * n3;
    long m4 = 2 * n4;
    long h0 = Math.multiplyHigh(s0, a0) + Math.multiplyHigh(s1, m4) + Math.multiplyHigh(s2, m3);
    long r0 = a0 * a0 + a1 * m4 + a2 * m3 - (h0 << 54);
    long h1 = Math.multiplyHigh(s0, d1) + Math.multiplyHigh(s2, m4) + Math.multiplyHigh(s3, n3);
    long r1 = a0 * d1 + a2 * m4 + a3 * n3 - (h1 << 54);
    long h2 = Math.multiplyHigh(s0, d2) + Math.multiplyHigh(s1, a1) + Math.multiplyHigh(s3, m4);
    long r2 = a0 * d2 + a1 * a1 + a3 * m4 - (h2 << 54);
    long h3 = Math.multiplyHigh(s0, d3) + Math.multiplyHigh(s1, d2) + Math.multiplyHigh(s4, n4);
    long r3 = a0 * d3 + a1 * d2 + a4 * n4 - (h3 << 54);
    long h4 = Math.multiplyHigh(s0, d4) + Math.multiplyHigh(s1, d3) + Math.multiplyHigh(s2, a2);
    long r4 = a0 * d4 + a1 * d3 + a2 * a2 - (h4 << 54);
    setColumns(r0, r1, r2, r3, r4, h0, h1, h2, h3, h4);
  }

  /**
   * Becomes x times a small number, reduced.
   *
   * @param factor 0 to 2^20
   */
  void multiply(FieldElement x, int factor) {
    long h0 = Math.multiplyHigh(x.l0 << 10, factor);
    long h1 = Math.multiplyHigh(x.l1 << 10, factor);
    long h2 = Math.multiplyHigh(x.l2 << 10, factor);
    long h3 = Math.multiplyHigh(x.l3 << 10, factor);
    long h4 = Math.multiplyHigh(x.l4 << 10, factor);
    setColumns(
        x.l0 * factor - (h0 << 54),
        x.l1 * factor - (h1 << 54),
        x.l2 * factor - (h2 << 54),
        x.l3 * factor - (h3 << 54),
        x.l4 * factor - (h4 << 54),
        h0,
        h1,
        h2,
        h3,
        h4);
  }

  /** Becomes the columns r + 2^54 h, each carried once into the next. */
  private void setColumns(
      long r0, long r1, long r2, long r3, long r4, long h0, long h1, long h2, long h3, long h4) {
    long c0 = r0 + 8 * 19 * h4;
    long c1 = r1 + (h0 << 3);
    long c2 = r2 + (h1 << 3);
    long c3 = r3 + (h2 << 3);
    long c4 = r4 + (h3 << 3);
    l0 = (c0 & MASK) + 19 * (c4 >> BITS);
    l1 = (c1 & MASK) + (c0 >> BITS);
    l2 = (c2 & MASK) + (c1 >> BITS);
    l3 = (c3 & MASK) + (c2 >> BITS);
    l4 = (c4 & MASK) + (c3 >> BITS);
  }

  /** Becomes x to the power of 2^count, reduced. */
  private void square(FieldElement x, int count) {
    square(x);
    for (int i = 1; i < count; i++) {
      square(this);
    }
  }

  /** Becomes 1/x, and zero for zero: x to the power of p - 2. */
  void invert(FieldElement x) {
    FieldElement x2 = new FieldElement();
    FieldElement x9 = new FieldElement();
    FieldElement ones = new FieldElement();
    FieldElement t = new FieldElement();
    x2.square(x);
    x9.square(x2, 2);
    x9.multiply(x9, x);
    FieldElement x11 = new FieldElement();
    x11.multiply(x9, x2);
    t.square(x11);
    ones.multiply(t, x9); // The exponent is 2^5 - 1: five ones.
    t.square(ones, 5);
    ones.multiply(t, ones);
    FieldElement ones10 = x2;
    ones10.set(ones);
    t.square(ones, 10);
    ones.multiply(t, ones);
    t.square(ones, 20);
    ones.multiply(t, ones);
    t.square(ones, 10);
    ones.multiply(t, ones10);
    FieldElement ones50 = x9;
    ones50.set(ones);
    t.square(ones, 50);
    ones.multiply(t, ones);
    t.square(ones, 100);
    ones.multiply(t, ones);
    t.square(ones, 50);
    ones.multiply(t, ones50); // 250 ones.
    t.square(ones, 5);
    multiply(t, x11);
    for (FieldElement secret : new FieldElement[] {x2, x9, x11, ones, t}) {
      secret.set(0);
    }
  }

  /**
   * Exchanges x and y, or does not.
   *
   * @param mask all ones or zero
   */
  static void swap(FieldElement x, FieldElement y, long mask) {
    long t0 = mask & (x.l0 ^ y.l0);
    long t1 = mask & (x.l1 ^ y.l1);
    long t2 = mask & (x.l2 ^ y.l2);
    long t3 = mask & (x.l3 ^ y.l3);
    long t4 = mask & (x.l4 ^ y.l4);
    x.setLimbs(x.l0 ^ t0, x.l1 ^ t1, x.l2 ^ t2, x.l3 ^ t3, x.l4 ^ t4);
    y.setLimbs(y.l0 ^ t0, y.l1 ^ t1, y.l2 ^ t2, y.l3 ^ t3, y.l4 ^ t4);
  }

  /** The limbs, lowest first, for tests. */
  long[] limbs() {
    return new long[] {l0, l1, l2, l3, l4};
  }
}
