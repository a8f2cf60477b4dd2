// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Poly1305 (RFC 8439, section 2.5) one block at a time, in limbs of 44, 44 and 42 bits.
 *
 * <p>Used for short packets, and for the powers of r and the end of the sum in {@link
 * VectorPoly1305}. Without branches on secrets.
 */
final class Poly1305 {
  private static final long MASK_44 = (1L << 44) - 1;
  private static final long MASK_42 = (1L << 42) - 1;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The limbs of r, and 20 times the upper two, all with two more bits on the right. */
  private long r0;

  private long r1;
  private long r2;
  private long s1;
  private long s2;
  private long pad0;
  private long pad1;
  private long h0;
  private long h1;
  private long h2;
  private long tag0;
  private long tag1;

  /** Starts a message under a one-time key, given as its four little-endian longs. */
  void start(long key0, long key1, long key2, long key3) {
    r0 = (key0 & 0xffc0fffffffL) << 2;
    r1 = (((key0 >>> 44) | (key1 << 20)) & 0xfffffc0ffffL) << 2;
    r2 = ((key1 >>> 24) & 0x00ffffffc0fL) << 2;
    s1 = r1 * 20;
    s2 = r2 * 20;
    pad0 = key2;
    pad1 = key3;
    h0 = 0;
    h1 = 0;
    h2 = 0;
  }

  /** The sum so far. */
  long h0() {
    return h0;
  }

  long h1() {
    return h1;
  }

  long h2() {
    return h2;
  }

  /** Replaces the sum so far. */
  void set(long newH0, long newH1, long newH2) {
    h0 = newH0;
    h1 = newH1;
    h2 = newH2;
  }

  /** Sets the sum to r itself. */
  void setToR() {
    set(r0 >>> 2, r1 >>> 2, r2 >>> 2);
  }

  /** Multiplies the sum by r. */
  void multiplyByR() {
    multiply(r0, r1, r2, s1, s2);
  }

  /** Multiplies the sum by itself. */
  void square() {
    multiply(h0 << 2, h1 << 2, h2 << 2, h1 * 80, h2 * 80);
  }

  /** Adds whole blocks of memory. */
  void blocks(MemorySegment memory, long address, int count) {
    for (int i = 0; i < count; i++) {
      block(memory.get(LONG, address), memory.get(LONG, address + 8), 1);
      address += 16;
    }
  }

  /** Adds octets of memory, the last block filled up with zeros (RFC 8439, section 2.8). */
  void padded(MemorySegment memory, long address, int length) {
    blocks(memory, address, length >> 4);
    int rest = length & 15;
    if (rest != 0) {
      long at = address + (length & ~15);
      long low = 0;
      long high = 0;
      for (int i = rest - 1; i >= 0; i--) {
        high = (high << 8) | (low >>> 56);
        low = (low << 8) | (memory.get(ValueLayout.JAVA_BYTE, at + i) & 0xff);
      }
      block(low, high, 1);
    }
  }

  /**
   * Adds one block and multiplies by r.
   *
   * @param end the 2^128 bit: 1, or 0 when the block carries its own end mark
   */
  void block(long low, long high, long end) {
    h0 += low & MASK_44;
    h1 += ((low >>> 44) | (high << 20)) & MASK_44;
    h2 += (high >>> 24) | (end << 40);
    multiply(r0, r1, r2, s1, s2);
  }

  /**
   * Multiplies the sum. Factors come with 2 more bits on the right and the sum gets 18, so that the
   * high half of a product is what goes beyond 44 bits, and the low half, 20 bits down, the rest.
   *
   * @param s1 20 times x1, as 2^132 is 4 * 5
   * @param s2 20 times x2
   */
  private void multiply(long x0, long x1, long x2, long s1, long s2) {
    long a = h0 << 18;
    long b = h1 << 18;
    long c = h2 << 18;
    long d0 = (a * x0 >>> 20) + (b * s2 >>> 20) + (c * s1 >>> 20);
    long d1 =
        (a * x1 >>> 20)
            + (b * x0 >>> 20)
            + (c * s2 >>> 20)
            + (Math.unsignedMultiplyHigh(a, x0)
                + Math.unsignedMultiplyHigh(b, s2)
                + Math.unsignedMultiplyHigh(c, s1))
            + (d0 >>> 44);
    long d2 =
        (a * x2 >>> 20)
            + (b * x1 >>> 20)
            + (c * x0 >>> 20)
            + (Math.unsignedMultiplyHigh(a, x1)
                + Math.unsignedMultiplyHigh(b, x0)
                + Math.unsignedMultiplyHigh(c, s2))
            + (d1 >>> 44);
    long above =
        ((Math.unsignedMultiplyHigh(a, x2)
                    + Math.unsignedMultiplyHigh(b, x1)
                    + Math.unsignedMultiplyHigh(c, x0))
                << 2)
            + (d2 >>> 42);
    long n0 = (d0 & MASK_44) + above * 5;
    h0 = n0 & MASK_44;
    h1 = (d1 & MASK_44) + (n0 >>> 44);
    h2 = d2 & MASK_42;
  }

  /** Reduces the sum, adds the pad; the tag is then {@link #tag0} and {@link #tag1}. */
  void finish() {
    long a = h0;
    long b = h1;
    long c = h2;
    // Twice around, so that every limb is within its bits.
    for (int i = 0; i < 2; i++) {
      b += a >>> 44;
      a &= MASK_44;
      c += b >>> 44;
      b &= MASK_44;
      a += (c >>> 42) * 5;
      c &= MASK_42;
    }
    b += a >>> 44;
    a &= MASK_44;
    c += b >>> 44;
    b &= MASK_44;

    // h + 5 - 2^130 is taken when it is not negative.
    long x = a + 5;
    long y = b + (x >>> 44);
    long z = c + (y >>> 44) - (1L << 42);
    long keep = z >> 63;
    a = (a & keep) | (x & MASK_44 & ~keep);
    b = (b & keep) | (y & MASK_44 & ~keep);
    c = (c & keep) | (z & ~keep);

    long low = a | (b << 44);
    long high = (b >>> 20) | (c << 24);
    tag0 = low + pad0;
    long carry = ((low & pad0) | ((low | pad0) & ~tag0)) >>> 63;
    tag1 = high + pad1 + carry;
  }

  /** The tag's first eight octets, little-endian. */
  long tag0() {
    return tag0;
  }

  /** The tag's last eight octets, little-endian. */
  long tag1() {
    return tag1;
  }
}
