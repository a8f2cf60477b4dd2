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
 * <p>The sum of n blocks is taken as lane sums over every L-th block by Horner's rule, two strides
 * in a step: sums = (sums + stride) * r^2L + stride * r^L, so that carries are paid once for both.
 * In the last step the lanes have their own powers r^2L, r^(2L-1), ... r instead, and are added
 * afterwards. The first pair of strides is filled up with zero blocks in front. First and last pair
 * are put together in scratch memory.
 */
final class VectorPoly1305 {
  private static final int L = LONG_LANES;
  private static final int STRIDE = 16 * L;
  private static final int PAIR = 2 * STRIDE;
  private static final long MASK_26 = (1L << 26) - 1;
  private static final long MASK_32 = (1L << 32) - 1;

  /** Shortest message for which the powers of r are worth their price. */
  static final int MIN_LENGTH = Math.max(2 * PAIR, 160);

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LE);

  /** The 2^128 bit of each lane of a pair, by the number of blocks in it. */
  private static final long[] END_BITS = endBits();

  private final Poly1305 scalar;
  private final long[] sums = new long[5 * L];

  /** r^2L in every lane by limbs, then r^L. */
  private final long[] stepFactors = new long[10 * L];

  /** r^2L to r^(L+1), lane by lane in the order of the blocks, by limbs; then r^L to r^1. */
  private final long[] lastFactors = new long[10 * L];

  /** Zeros, then the first pair; then the last pair behind room for what is copied before it. */
  private final MemorySegment scratch = Arena.ofAuto().allocate(5L * PAIR, 64);

  VectorPoly1305(Poly1305 scalar) {
    this.scalar = scalar;
  }

  /** The lane in which a stride's block lies, for {@link #pairs} interleaves its two vectors. */
  private static int lane(int block) {
    return block < L / 2 ? 2 * block : 2 * (block - L / 2) + 1;
  }

  private static long[] endBits() {
    long[] bits = new long[(2 * L + 1) * 2 * L];
    for (int blocks = 0; blocks <= 2 * L; blocks++) {
      for (int block = 2 * L - blocks; block < 2 * L; block++) {
        bits[blocks * 2 * L + block / L * L + lane(block % L)] = 1L << 24;
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
    int first = (blocks - 1) % (2 * L) + 1;
    int pairs = (blocks - first) / (2 * L);
    long firstPair = firstPair(address, first);
    long lastPair = lastPair(address, length, 16 * first + (pairs - 1) * PAIR);
    Arrays.fill(sums, 0);
    pairs(firstPair, first, address + 16L * first, pairs, stepFactors, sums);
    pairs(lastPair, 2 * L, lastPair, 1, lastFactors, sums);
    addLanes();
  }

  /** Computes the powers of r that the lanes need. */
  private void powers() {
    scalar.setToR();
    lastFactor(1);
    for (int power = 2; power <= L; power++) {
      scalar.multiplyByR();
      lastFactor(power);
    }
    higherPowers(lastFactors);
    // The first block's lane holds r^2L here and r^L there.
    for (int limb = 0; limb < 10; limb++) {
      LongVector.broadcast(LONGS, lastFactors[limb * L]).intoArray(stepFactors, limb * L);
    }
  }

  /** Notes the sum as that power. */
  private void lastFactor(int power) {
    long h0 = scalar.h0();
    long h1 = scalar.h1();
    long h2 = scalar.h2();
    int at = 5 * L + lane(L - power);
    lastFactors[at] = h0 & MASK_26;
    lastFactors[at + L] = ((h0 >>> 26) | (h1 << 18)) & MASK_26;
    lastFactors[at + 2 * L] = (h1 >>> 8) & MASK_26;
    lastFactors[at + 3 * L] = ((h1 >>> 34) | (h2 << 10)) & MASK_26;
    lastFactors[at + 4 * L] = h2 >>> 16;
  }

  /** Multiplies r^L to r^1 by r^L. */
  private static void higherPowers(long[] powers) {
    LongVector h0 = LongVector.fromArray(LONGS, powers, 5 * L).and(MASK_32);
    LongVector h1 = LongVector.fromArray(LONGS, powers, 6 * L).and(MASK_32);
    LongVector h2 = LongVector.fromArray(LONGS, powers, 7 * L).and(MASK_32);
    LongVector h3 = LongVector.fromArray(LONGS, powers, 8 * L).and(MASK_32);
    LongVector h4 = LongVector.fromArray(LONGS, powers, 9 * L).and(MASK_32);
    LongVector r0 = LongVector.broadcast(LONGS, powers[5 * L]).and(MASK_32);
    LongVector r1 = LongVector.broadcast(LONGS, powers[6 * L]).and(MASK_32);
    LongVector r2 = LongVector.broadcast(LONGS, powers[7 * L]).and(MASK_32);
    LongVector r3 = LongVector.broadcast(LONGS, powers[8 * L]).and(MASK_32);
    LongVector r4 = LongVector.broadcast(LONGS, powers[9 * L]).and(MASK_32);
    LongVector s1 = r1.lanewise(LSHL, 2).add(r1).and(MASK_32);
    LongVector s2 = r2.lanewise(LSHL, 2).add(r2).and(MASK_32);
    LongVector s3 = r3.lanewise(LSHL, 2).add(r3).and(MASK_32);
    LongVector s4 = r4.lanewise(LSHL, 2).add(r4).and(MASK_32);
    LongVector d0 = h0.mul(r0).add(h1.mul(s4)).add(h2.mul(s3).add(h3.mul(s2))).add(h4.mul(s1));
    LongVector d1 = h0.mul(r1).add(h1.mul(r0)).add(h2.mul(s4).add(h3.mul(s3))).add(h4.mul(s2));
    LongVector d2 = h0.mul(r2).add(h1.mul(r1)).add(h2.mul(r0).add(h3.mul(s4))).add(h4.mul(s3));
    LongVector d3 = h0.mul(r3).add(h1.mul(r2)).add(h2.mul(r1).add(h3.mul(r0))).add(h4.mul(s4));
    LongVector d4 = h0.mul(r4).add(h1.mul(r3)).add(h2.mul(r2).add(h3.mul(r1))).add(h4.mul(r0));
    d1 = d1.add(d0.lanewise(LSHR, 26));
    d4 = d4.add(d3.lanewise(LSHR, 26));
    d0 = d0.and(MASK_26);
    d3 = d3.and(MASK_26);
    LongVector around = d4.lanewise(LSHR, 26);
    d2 = d2.add(d1.lanewise(LSHR, 26));
    d0 = d0.add(around).add(around.lanewise(LSHL, 2));
    d4 = d4.and(MASK_26);
    d1 = d1.and(MASK_26);
    d3 = d3.add(d2.lanewise(LSHR, 26));
    d1 = d1.add(d0.lanewise(LSHR, 26));
    d2 = d2.and(MASK_26);
    d0 = d0.and(MASK_26);
    d4 = d4.add(d3.lanewise(LSHR, 26));
    d3 = d3.and(MASK_26);
    d0.intoArray(powers, 0);
    d1.intoArray(powers, L);
    d2.intoArray(powers, 2 * L);
    d3.intoArray(powers, 3 * L);
    d4.intoArray(powers, 4 * L);
  }

  /** Puts the first blocks behind zeros; returns where the pair of both begins. */
  private long firstPair(long address, int blocks) {
    long at = scratch.address();
    for (int i = 0; i < PAIR; i += STRIDE / 2) {
      LongVector.fromMemorySegment(LONGS, MEMORY, address + i, LE)
          .intoMemorySegment(MEMORY, at + PAIR + i, LE);
    }
    return at + 16L * blocks;
  }

  /** Puts the octets after the other pairs, zeros and the block of lengths together. */
  private long lastPair(long address, int length, int before) {
    long at = scratch.address() + 3L * PAIR;
    int rest = length - before;
    long from = address + length - PAIR;
    for (int i = 0; i < PAIR; i += STRIDE / 2) {
      LongVector.fromMemorySegment(LONGS, MEMORY, from + i, LE)
          .intoMemorySegment(MEMORY, at - PAIR + rest + i, LE);
    }
    MEMORY.set(LONG, at + rest, 0);
    MEMORY.set(LONG, at + rest + 8, 0);
    long lengths = at + ((rest + 15) & ~15);
    MEMORY.set(LONG, lengths, 0);
    MEMORY.set(LONG, lengths + 8, length);
    return at;
  }

  /**
   * For each pair of strides: sums = (sums + first) * p + second * r.
   *
   * @param start where the first pair is
   * @param blocks blocks of the first pair that are not filling
   * @param address where the second and all further pairs are
   * @param factors limbs of p, then of r
   */
  private static void pairs(
      long start, int blocks, long address, int count, long[] factors, long[] sums) {
    LongVector p0 = LongVector.fromArray(LONGS, factors, 0).and(MASK_32);
    LongVector p1 = LongVector.fromArray(LONGS, factors, L).and(MASK_32);
    LongVector p2 = LongVector.fromArray(LONGS, factors, 2 * L).and(MASK_32);
    LongVector p3 = LongVector.fromArray(LONGS, factors, 3 * L).and(MASK_32);
    LongVector p4 = LongVector.fromArray(LONGS, factors, 4 * L).and(MASK_32);
    LongVector q1 = p1.lanewise(LSHL, 2).add(p1).and(MASK_32);
    LongVector q2 = p2.lanewise(LSHL, 2).add(p2).and(MASK_32);
    LongVector q3 = p3.lanewise(LSHL, 2).add(p3).and(MASK_32);
    LongVector q4 = p4.lanewise(LSHL, 2).add(p4).and(MASK_32);
    LongVector r0 = LongVector.fromArray(LONGS, factors, 5 * L).and(MASK_32);
    LongVector r1 = LongVector.fromArray(LONGS, factors, 6 * L).and(MASK_32);
    LongVector r2 = LongVector.fromArray(LONGS, factors, 7 * L).and(MASK_32);
    LongVector r3 = LongVector.fromArray(LONGS, factors, 8 * L).and(MASK_32);
    LongVector r4 = LongVector.fromArray(LONGS, factors, 9 * L).and(MASK_32);
    LongVector s1 = r1.lanewise(LSHL, 2).add(r1).and(MASK_32);
    LongVector s2 = r2.lanewise(LSHL, 2).add(r2).and(MASK_32);
    LongVector s3 = r3.lanewise(LSHL, 2).add(r3).and(MASK_32);
    LongVector s4 = r4.lanewise(LSHL, 2).add(r4).and(MASK_32);
    LongVector h0 = LongVector.fromArray(LONGS, sums, 0);
    LongVector h1 = LongVector.fromArray(LONGS, sums, L);
    LongVector h2 = LongVector.fromArray(LONGS, sums, 2 * L);
    LongVector h3 = LongVector.fromArray(LONGS, sums, 3 * L);
    LongVector h4 = LongVector.fromArray(LONGS, sums, 4 * L);
    int end = blocks * 2 * L;
    for (int i = 0; i < count; i++) {
      IntVector x = IntVector.fromMemorySegment(INTS, MEMORY, start, LE);
      IntVector y = IntVector.fromMemorySegment(INTS, MEMORY, start + STRIDE / 2, LE);
      LongVector low = x.blend(y.rearrange(SWAP_LONGS), ODD_LONGS).reinterpretAsLongs();
      LongVector high = x.rearrange(SWAP_LONGS).blend(y, ODD_LONGS).reinterpretAsLongs();
      h0 = h0.add(low.and(MASK_26)).and(MASK_32);
      h1 = h1.add(low.lanewise(LSHR, 26).and(MASK_26)).and(MASK_32);
      h2 = h2.add(low.lanewise(LSHR, 52).or(high.lanewise(LSHL, 12)).and(MASK_26)).and(MASK_32);
      h3 = h3.add(high.lanewise(LSHR, 14).and(MASK_26)).and(MASK_32);
      h4 =
          h4.add(high.lanewise(LSHR, 40).or(LongVector.fromArray(LONGS, END_BITS, end)))
              .and(MASK_32);
      LongVector d0 = h0.mul(p0).add(h1.mul(q4)).add(h2.mul(q3).add(h3.mul(q2))).add(h4.mul(q1));
      LongVector d1 = h0.mul(p1).add(h1.mul(p0)).add(h2.mul(q4).add(h3.mul(q3))).add(h4.mul(q2));
      LongVector d2 = h0.mul(p2).add(h1.mul(p1)).add(h2.mul(p0).add(h3.mul(q4))).add(h4.mul(q3));
      LongVector d3 = h0.mul(p3).add(h1.mul(p2)).add(h2.mul(p1).add(h3.mul(p0))).add(h4.mul(q4));
      LongVector d4 = h0.mul(p4).add(h1.mul(p3)).add(h2.mul(p2).add(h3.mul(p1))).add(h4.mul(p0));
      x = IntVector.fromMemorySegment(INTS, MEMORY, start + STRIDE, LE);
      y = IntVector.fromMemorySegment(INTS, MEMORY, start + STRIDE + STRIDE / 2, LE);
      low = x.blend(y.rearrange(SWAP_LONGS), ODD_LONGS).reinterpretAsLongs();
      high = x.rearrange(SWAP_LONGS).blend(y, ODD_LONGS).reinterpretAsLongs();
      LongVector m0 = low.and(MASK_26);
      LongVector m1 = low.lanewise(LSHR, 26).and(MASK_26);
      LongVector m2 = low.lanewise(LSHR, 52).or(high.lanewise(LSHL, 12)).and(MASK_26);
      LongVector m3 = high.lanewise(LSHR, 14).and(MASK_26);
      LongVector m4 =
          high.lanewise(LSHR, 40).or(LongVector.fromArray(LONGS, END_BITS, end + L)).and(MASK_32);
      d0 = d0.add(m0.mul(r0).add(m1.mul(s4)).add(m2.mul(s3).add(m3.mul(s2))).add(m4.mul(s1)));
      d1 = d1.add(m0.mul(r1).add(m1.mul(r0)).add(m2.mul(s4).add(m3.mul(s3))).add(m4.mul(s2)));
      d2 = d2.add(m0.mul(r2).add(m1.mul(r1)).add(m2.mul(r0).add(m3.mul(s4))).add(m4.mul(s3)));
      d3 = d3.add(m0.mul(r3).add(m1.mul(r2)).add(m2.mul(r1).add(m3.mul(r0))).add(m4.mul(s4)));
      d4 = d4.add(m0.mul(r4).add(m1.mul(r3)).add(m2.mul(r2).add(m3.mul(r1))).add(m4.mul(r0)));
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
      start = address;
      address += PAIR;
      end = 4 * L * L;
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
