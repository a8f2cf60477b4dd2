// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import static io.gatehouse.protocol.aead.VectorLanes.INTS;
import static io.gatehouse.protocol.aead.VectorLanes.LE;
import static io.gatehouse.protocol.aead.VectorLanes.LONGS;
import static io.gatehouse.protocol.aead.VectorLanes.LONG_LANES;
import static io.gatehouse.protocol.aead.VectorLanes.MEMORY;
import static io.gatehouse.protocol.aead.VectorLanes.ODD_LONGS;
import static io.gatehouse.protocol.aead.VectorLanes.SWAP_LONGS;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;

/**
 * Poly1305 (RFC 8439, section 2.5) of long messages: a stride of as many blocks as there are long
 * lanes at a time, limbs of 26 bits, so that one 32x32 to 64 bit multiplication per lane does.
 *
 * <p>The sum of n blocks is taken as lane sums over every L-th block by Horner's rule with r^L; the
 * last stride is multiplied by r^L, r^(L-1), ... r instead, and the lanes are added. The first
 * stride is filled up with zero blocks in front when n is no multiple of L. First and last stride
 * are put together in scratch memory.
 */
final class VectorPoly1305 {
  private static final int L = LONG_LANES;
  private static final int STRIDE = 16 * L;
  private static final long MASK_26 = (1L << 26) - 1;
  private static final long MASK_32 = (1L << 32) - 1;

  /** Shortest message for which the powers of r are worth their price. */
  static final int MIN_LENGTH = Math.max(2 * STRIDE, 160);

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LE);

  /** The 2^128 bit of each lane, by the number of blocks in the first stride. */
  private static final long[] END_BITS = endBits();

  private final Poly1305 scalar;
  private final long[] sums = new long[5 * L];

  /** r^L in every lane, by limbs. */
  private final long[] stridePower = new long[5 * L];

  /** r^L to r^1, lane by lane in the order of the blocks, by limbs. */
  private final long[] lanePowers = new long[5 * L];

  /**
   * Zeros, then the first stride; then the last stride behind room for what is copied before it.
   */
  private final MemorySegment scratch = Arena.ofAuto().allocate(5L * STRIDE, 64);

  VectorPoly1305(Poly1305 scalar) {
    this.scalar = scalar;
  }

  /** The lane in which a stride's block lies, for {@link #strides} interleaves its two vectors. */
  private static int lane(int block) {
    return block < L / 2 ? 2 * block : 2 * (block - L / 2) + 1;
  }

  private static long[] endBits() {
    long[] bits = new long[(L + 1) * L];
    for (int blocks = 0; blocks <= L; blocks++) {
      for (int block = L - blocks; block < L; block++) {
        bits[blocks * L + lane(block)] = 1L << 24;
      }
    }
    return bits;
  }

  /**
   * Adds a message, filled up with zeros to whole blocks, and the block of lengths (RFC 8439,
   * section 2.8) to the empty sum of {@code scalar}.
   *
   * @param length octets, at least {@link #MIN_LENGTH}
   */
  void message(long address, int length) {
    powers();
    int blocks = ((length + 15) >> 4) + 1;
    int first = (blocks - 1) % L + 1;
    long firstStride = firstStride(address, first);
    long lastStride = lastStride(address, length, (blocks - first) / L - 1, 16 * first);
    Arrays.fill(sums, 0);
    strides(firstStride, 1, stridePower, first * L, sums);
    strides(address + 16L * first, (blocks - first) / L - 1, stridePower, L * L, sums);
    strides(lastStride, 1, lanePowers, L * L, sums);
    addLanes();
  }

  /** Computes the powers of r that the lanes need. */
  private void powers() {
    scalar.setToR();
    for (int power = 1; power <= L; power++) {
      if (power > 1) {
        scalar.multiplyByR();
      }
      long h0 = scalar.h0();
      long h1 = scalar.h1();
      long h2 = scalar.h2();
      int at = lane(L - power);
      lanePowers[at] = h0 & MASK_26;
      lanePowers[at + L] = ((h0 >>> 26) | (h1 << 18)) & MASK_26;
      lanePowers[at + 2 * L] = (h1 >>> 8) & MASK_26;
      lanePowers[at + 3 * L] = ((h1 >>> 34) | (h2 << 10)) & MASK_26;
      lanePowers[at + 4 * L] = h2 >>> 16;
    }
    // The first block's lane holds r^L.
    for (int limb = 0; limb < 5; limb++) {
      LongVector.broadcast(LONGS, lanePowers[limb * L]).intoArray(stridePower, limb * L);
    }
  }

  /** Puts the first blocks behind zeros; returns where the stride of both begins. */
  private long firstStride(long address, int blocks) {
    long at = scratch.address();
    for (int i = 0; i < STRIDE; i += STRIDE / 2) {
      LongVector.fromMemorySegment(LONGS, MEMORY, address + i, LE)
          .intoMemorySegment(MEMORY, at + STRIDE + i, LE);
    }
    return at + 16L * blocks;
  }

  /** Puts the octets after the whole strides, zeros and the block of lengths together. */
  private long lastStride(long address, int length, int strides, int before) {
    long at = scratch.address() + 3L * STRIDE;
    int rest = length - before - strides * STRIDE;
    long from = address + length - STRIDE;
    for (int i = 0; i < STRIDE; i += STRIDE / 2) {
      LongVector.fromMemorySegment(LONGS, MEMORY, from + i, LE)
          .intoMemorySegment(MEMORY, at - STRIDE + rest + i, LE);
    }
    MEMORY.set(LONG, at + rest, 0);
    MEMORY.set(LONG, at + rest + 8, 0);
    long lengths = at + ((rest + 15) & ~15);
    MEMORY.set(LONG, lengths, 0);
    MEMORY.set(LONG, lengths + 8, length);
    return at;
  }

  /** For each stride: sums = (sums + blocks) * factors. */
  private static void strides(long address, int count, long[] factors, int endBits, long[] sums) {
    LongVector r0 = LongVector.fromArray(LONGS, factors, 0).and(MASK_32);
    LongVector r1 = LongVector.fromArray(LONGS, factors, L).and(MASK_32);
    LongVector r2 = LongVector.fromArray(LONGS, factors, 2 * L).and(MASK_32);
    LongVector r3 = LongVector.fromArray(LONGS, factors, 3 * L).and(MASK_32);
    LongVector r4 = LongVector.fromArray(LONGS, factors, 4 * L).and(MASK_32);
    LongVector s1 = r1.lanewise(LSHL, 2).add(r1).and(MASK_32);
    LongVector s2 = r2.lanewise(LSHL, 2).add(r2).and(MASK_32);
    LongVector s3 = r3.lanewise(LSHL, 2).add(r3).and(MASK_32);
    LongVector s4 = r4.lanewise(LSHL, 2).add(r4).and(MASK_32);
    LongVector end = LongVector.fromArray(LONGS, END_BITS, endBits);
    LongVector h0 = LongVector.fromArray(LONGS, sums, 0);
    LongVector h1 = LongVector.fromArray(LONGS, sums, L);
    LongVector h2 = LongVector.fromArray(LONGS, sums, 2 * L);
    LongVector h3 = LongVector.fromArray(LONGS, sums, 3 * L);
    LongVector h4 = LongVector.fromArray(LONGS, sums, 4 * L);
    for (int i = 0; i < count; i++) {
      IntVector x = IntVector.fromMemorySegment(INTS, MEMORY, address, LE);
      IntVector y = IntVector.fromMemorySegment(INTS, MEMORY, address + STRIDE / 2, LE);
      address += STRIDE;
      LongVector low = x.blend(y.rearrange(SWAP_LONGS), ODD_LONGS).reinterpretAsLongs();
      LongVector high = x.rearrange(SWAP_LONGS).blend(y, ODD_LONGS).reinterpretAsLongs();
      h0 = h0.add(low.and(MASK_26)).and(MASK_32);
      h1 = h1.add(low.lanewise(LSHR, 26).and(MASK_26)).and(MASK_32);
      h2 = h2.add(low.lanewise(LSHR, 52).or(high.lanewise(LSHL, 12)).and(MASK_26)).and(MASK_32);
      h3 = h3.add(high.lanewise(LSHR, 14).and(MASK_26)).and(MASK_32);
      h4 = h4.add(high.lanewise(LSHR, 40).or(end)).and(MASK_32);
      LongVector d0 = h0.mul(r0).add(h1.mul(s4)).add(h2.mul(s3)).add(h3.mul(s2)).add(h4.mul(s1));
      LongVector d1 = h0.mul(r1).add(h1.mul(r0)).add(h2.mul(s4)).add(h3.mul(s3)).add(h4.mul(s2));
      LongVector d2 = h0.mul(r2).add(h1.mul(r1)).add(h2.mul(r0)).add(h3.mul(s4)).add(h4.mul(s3));
      LongVector d3 = h0.mul(r3).add(h1.mul(r2)).add(h2.mul(r1)).add(h3.mul(r0)).add(h4.mul(s4));
      LongVector d4 = h0.mul(r4).add(h1.mul(r3)).add(h2.mul(r2)).add(h3.mul(r1)).add(h4.mul(r0));
      // Two chains of carries side by side.
      d1 = d1.add(d0.lanewise(LSHR, 26));
      d4 = d4.add(d3.lanewise(LSHR, 26));
      d0 = d0.and(MASK_26);
      d3 = d3.and(MASK_26);
      LongVector around = d4.lanewise(LSHR, 26);
      d2 = d2.add(d1.lanewise(LSHR, 26));
      d0 = d0.add(around).add(around.lanewise(LSHL, 2));
      h4 = d4.and(MASK_26);
      h1 = d1.and(MASK_26);
      d3 = d3.add(d2.lanewise(LSHR, 26));
      h1 = h1.add(d0.lanewise(LSHR, 26));
      h2 = d2.and(MASK_26);
      h0 = d0.and(MASK_26);
      h4 = h4.add(d3.lanewise(LSHR, 26));
      h3 = d3.and(MASK_26);
    }
    h0.intoArray(sums, 0);
    h1.intoArray(sums, L);
    h2.intoArray(sums, 2 * L);
    h3.intoArray(sums, 3 * L);
    h4.intoArray(sums, 4 * L);
  }

  /** Adds the lanes and hands the sum to the scalar form. */
  private void addLanes() {
    long l0 = LongVector.fromArray(LONGS, sums, 0).reduceLanes(ADD);
    long l1 = LongVector.fromArray(LONGS, sums, L).reduceLanes(ADD);
    long l2 = LongVector.fromArray(LONGS, sums, 2 * L).reduceLanes(ADD);
    long l3 = LongVector.fromArray(LONGS, sums, 3 * L).reduceLanes(ADD);
    long l4 = LongVector.fromArray(LONGS, sums, 4 * L).reduceLanes(ADD);
    l1 += l0 >>> 26;
    l2 += l1 >>> 26;
    l3 += l2 >>> 26;
    l4 += l3 >>> 26;
    l0 &= MASK_26;
    l1 &= MASK_26;
    l2 &= MASK_26;
    l3 &= MASK_26;
    long mask44 = (1L << 44) - 1;
    scalar.set(
        (l0 | (l1 << 26)) & mask44,
        ((l1 >>> 18) | (l2 << 8) | (l3 << 34)) & mask44,
        (l3 >>> 10) + (l4 << 16));
  }
}
