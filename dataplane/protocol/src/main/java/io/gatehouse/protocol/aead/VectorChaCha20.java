// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import static io.gatehouse.protocol.aead.VectorLanes.INTS;
import static io.gatehouse.protocol.aead.VectorLanes.INT_LANES;
import static io.gatehouse.protocol.aead.VectorLanes.LE;
import static io.gatehouse.protocol.aead.VectorLanes.LONGS;
import static io.gatehouse.protocol.aead.VectorLanes.MEMORY;
import static io.gatehouse.protocol.aead.VectorLanes.ODD_LONGS;
import static io.gatehouse.protocol.aead.VectorLanes.ROW;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * ChaCha20's key stream (RFC 8439, section 2.3) in vector registers.
 *
 * <p>The 4x4 state is held by rows: a vector is one row of 1, 2 or 4 blocks side by side, so that a
 * round's columns need no shuffle and its diagonals a rotation within each 128 bits. Three such
 * groups run interleaved, which hides the latency of one round. The key stream stays in scratch
 * memory by rows, and {@link #xor} picks the 16-octet pieces out of it: no transposition at all.
 *
 * <p>Methods are cut where the compiler's inlining budget would end: rounds here, packet access
 * there.
 */
final class VectorChaCha20 {
  /** Blocks in one group of four row vectors. */
  static final int GROUP_BLOCKS = INT_LANES / 4;

  /** Blocks that {@link #threeGroups} makes. */
  static final int PASS_BLOCKS = 3 * GROUP_BLOCKS;

  private static final int GROUP_INTS = 4 * INT_LANES;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LE);
  private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

  private static final VectorShuffle<Integer> LEFT_1 = left(1);
  private static final VectorShuffle<Integer> LEFT_2 = left(2);
  private static final VectorShuffle<Integer> LEFT_3 = left(3);

  /** Block numbers of each group, in the low words of the counter rows. */
  private static final int[] NUMBERS = numbers();

  /** What takes a counter row to the next pass. */
  private static final int[] STEP = step();

  /** Start of the rounds: row a, b, c, and row d of each group. */
  private final int[] state = new int[6 * INT_LANES];

  private final int[] stream = new int[3 * GROUP_INTS];

  VectorChaCha20() {
    // "expand 32-byte k" in row a of every block.
    int[] sigma = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (int i = 0; i < INT_LANES; i++) {
      state[i] = sigma[i & 3];
    }
  }

  private static VectorShuffle<Integer> left(int words) {
    return VectorShuffle.fromOp(INTS, i -> (i & ~3) | ((i + words) & 3));
  }

  private static int[] numbers() {
    int[] numbers = new int[3 * INT_LANES];
    Arrays.setAll(numbers, i -> (i & 3) == 0 ? i / 4 : 0);
    return numbers;
  }

  private static int[] step() {
    int[] step = new int[INT_LANES];
    Arrays.setAll(step, i -> (i & 3) == 0 ? PASS_BLOCKS : 0);
    return step;
  }

  /** Word {@code i} of block 0, when the pass began there: words 0 to 7 are the Poly1305 key. */
  int firstBlockWord(int i) {
    return stream[(i >> 2) * INT_LANES + (i & 3)];
  }

  /** Takes key and nonce of a packet; the key stream then begins with block 0. */
  void start(long keyAddress, long counter) {
    start(state, keyAddress, counter);
  }

  private static void start(int[] state, long keyAddress, long counter) {
    for (int row = 1; row <= 2; row++) {
      IntVector odd =
          LongVector.broadcast(LONGS, MEMORY.get(LONG, keyAddress + 8)).reinterpretAsInts();
      LongVector.broadcast(LONGS, MEMORY.get(LONG, keyAddress))
          .reinterpretAsInts()
          .blend(odd, ODD_LONGS)
          .intoArray(state, row * INT_LANES);
      keyAddress += 16;
    }
    IntVector nonce = LongVector.broadcast(LONGS, counter).reinterpretAsInts();
    for (int group = 0; group < 3; group++) {
      IntVector.fromArray(INTS, NUMBERS, group * INT_LANES)
          .blend(nonce, ODD_LONGS)
          .intoArray(state, (3 + group) * INT_LANES);
    }
  }

  /**
   * Makes the next pass of key stream: one group, and the last, when that is enough; else three.
   */
  void generate(int blocks) {
    if (blocks <= GROUP_BLOCKS) {
      oneGroup(state, stream);
    } else {
      threeGroups(state, stream);
    }
  }

  private static void oneGroup(int[] state, int[] out) {
    IntVector a = IntVector.fromArray(INTS, state, 0);
    IntVector b = IntVector.fromArray(INTS, state, INT_LANES);
    IntVector c = IntVector.fromArray(INTS, state, 2 * INT_LANES);
    IntVector d = IntVector.fromArray(INTS, state, 3 * INT_LANES);
    for (int i = 0; i < 10; i++) {
      a = a.add(b);
      d = d.lanewise(XOR, a).lanewise(ROL, 16);
      c = c.add(d);
      b = b.lanewise(XOR, c).lanewise(ROL, 12);
      a = a.add(b);
      d = d.lanewise(XOR, a).lanewise(ROL, 8);
      c = c.add(d);
      b = b.lanewise(XOR, c).lanewise(ROL, 7);
      b = b.rearrange(LEFT_1);
      c = c.rearrange(LEFT_2);
      d = d.rearrange(LEFT_3);
      a = a.add(b);
      d = d.lanewise(XOR, a).lanewise(ROL, 16);
      c = c.add(d);
      b = b.lanewise(XOR, c).lanewise(ROL, 12);
      a = a.add(b);
      d = d.lanewise(XOR, a).lanewise(ROL, 8);
      c = c.add(d);
      b = b.lanewise(XOR, c).lanewise(ROL, 7);
      b = b.rearrange(LEFT_3);
      c = c.rearrange(LEFT_2);
      d = d.rearrange(LEFT_1);
    }
    a.add(IntVector.fromArray(INTS, state, 0)).intoArray(out, 0);
    b.add(IntVector.fromArray(INTS, state, INT_LANES)).intoArray(out, INT_LANES);
    c.add(IntVector.fromArray(INTS, state, 2 * INT_LANES)).intoArray(out, 2 * INT_LANES);
    d.add(IntVector.fromArray(INTS, state, 3 * INT_LANES)).intoArray(out, 3 * INT_LANES);
  }

  private static void threeGroups(int[] state, int[] out) {
    IntVector a0 = IntVector.fromArray(INTS, state, 0);
    IntVector b0 = IntVector.fromArray(INTS, state, INT_LANES);
    IntVector c0 = IntVector.fromArray(INTS, state, 2 * INT_LANES);
    IntVector d0 = IntVector.fromArray(INTS, state, 3 * INT_LANES);
    IntVector a1 = a0;
    IntVector b1 = b0;
    IntVector c1 = c0;
    IntVector d1 = IntVector.fromArray(INTS, state, 4 * INT_LANES);
    IntVector a2 = a0;
    IntVector b2 = b0;
    IntVector c2 = c0;
    IntVector d2 = IntVector.fromArray(INTS, state, 5 * INT_LANES);
    for (int i = 0; i < 10; i++) {
      a0 = a0.add(b0);
      a1 = a1.add(b1);
      a2 = a2.add(b2);
      d0 = d0.lanewise(XOR, a0).lanewise(ROL, 16);
      d1 = d1.lanewise(XOR, a1).lanewise(ROL, 16);
      d2 = d2.lanewise(XOR, a2).lanewise(ROL, 16);
      c0 = c0.add(d0);
      c1 = c1.add(d1);
      c2 = c2.add(d2);
      b0 = b0.lanewise(XOR, c0).lanewise(ROL, 12);
      b1 = b1.lanewise(XOR, c1).lanewise(ROL, 12);
      b2 = b2.lanewise(XOR, c2).lanewise(ROL, 12);
      a0 = a0.add(b0);
      a1 = a1.add(b1);
      a2 = a2.add(b2);
      d0 = d0.lanewise(XOR, a0).lanewise(ROL, 8);
      d1 = d1.lanewise(XOR, a1).lanewise(ROL, 8);
      d2 = d2.lanewise(XOR, a2).lanewise(ROL, 8);
      c0 = c0.add(d0);
      c1 = c1.add(d1);
      c2 = c2.add(d2);
      b0 = b0.lanewise(XOR, c0).lanewise(ROL, 7);
      b1 = b1.lanewise(XOR, c1).lanewise(ROL, 7);
      b2 = b2.lanewise(XOR, c2).lanewise(ROL, 7);
      b0 = b0.rearrange(LEFT_1);
      b1 = b1.rearrange(LEFT_1);
      b2 = b2.rearrange(LEFT_1);
      c0 = c0.rearrange(LEFT_2);
      c1 = c1.rearrange(LEFT_2);
      c2 = c2.rearrange(LEFT_2);
      d0 = d0.rearrange(LEFT_3);
      d1 = d1.rearrange(LEFT_3);
      d2 = d2.rearrange(LEFT_3);
      a0 = a0.add(b0);
      a1 = a1.add(b1);
      a2 = a2.add(b2);
      d0 = d0.lanewise(XOR, a0).lanewise(ROL, 16);
      d1 = d1.lanewise(XOR, a1).lanewise(ROL, 16);
      d2 = d2.lanewise(XOR, a2).lanewise(ROL, 16);
      c0 = c0.add(d0);
      c1 = c1.add(d1);
      c2 = c2.add(d2);
      b0 = b0.lanewise(XOR, c0).lanewise(ROL, 12);
      b1 = b1.lanewise(XOR, c1).lanewise(ROL, 12);
      b2 = b2.lanewise(XOR, c2).lanewise(ROL, 12);
      a0 = a0.add(b0);
      a1 = a1.add(b1);
      a2 = a2.add(b2);
      d0 = d0.lanewise(XOR, a0).lanewise(ROL, 8);
      d1 = d1.lanewise(XOR, a1).lanewise(ROL, 8);
      d2 = d2.lanewise(XOR, a2).lanewise(ROL, 8);
      c0 = c0.add(d0);
      c1 = c1.add(d1);
      c2 = c2.add(d2);
      b0 = b0.lanewise(XOR, c0).lanewise(ROL, 7);
      b1 = b1.lanewise(XOR, c1).lanewise(ROL, 7);
      b2 = b2.lanewise(XOR, c2).lanewise(ROL, 7);
      b0 = b0.rearrange(LEFT_3);
      b1 = b1.rearrange(LEFT_3);
      b2 = b2.rearrange(LEFT_3);
      c0 = c0.rearrange(LEFT_2);
      c1 = c1.rearrange(LEFT_2);
      c2 = c2.rearrange(LEFT_2);
      d0 = d0.rearrange(LEFT_1);
      d1 = d1.rearrange(LEFT_1);
      d2 = d2.rearrange(LEFT_1);
    }
    IntVector start = IntVector.fromArray(INTS, state, 0);
    a0.add(start).intoArray(out, 0);
    a1.add(start).intoArray(out, GROUP_INTS);
    a2.add(start).intoArray(out, 2 * GROUP_INTS);
    start = IntVector.fromArray(INTS, state, INT_LANES);
    b0.add(start).intoArray(out, INT_LANES);
    b1.add(start).intoArray(out, GROUP_INTS + INT_LANES);
    b2.add(start).intoArray(out, 2 * GROUP_INTS + INT_LANES);
    start = IntVector.fromArray(INTS, state, 2 * INT_LANES);
    c0.add(start).intoArray(out, 2 * INT_LANES);
    c1.add(start).intoArray(out, GROUP_INTS + 2 * INT_LANES);
    c2.add(start).intoArray(out, 2 * GROUP_INTS + 2 * INT_LANES);
    IntVector step = IntVector.fromArray(INTS, STEP, 0);
    start = IntVector.fromArray(INTS, state, 3 * INT_LANES);
    d0.add(start).intoArray(out, 3 * INT_LANES);
    start.add(step).intoArray(state, 3 * INT_LANES);
    start = IntVector.fromArray(INTS, state, 4 * INT_LANES);
    d1.add(start).intoArray(out, GROUP_INTS + 3 * INT_LANES);
    start.add(step).intoArray(state, 4 * INT_LANES);
    start = IntVector.fromArray(INTS, state, 5 * INT_LANES);
    d2.add(start).intoArray(out, 2 * GROUP_INTS + 3 * INT_LANES);
    start.add(step).intoArray(state, 5 * INT_LANES);
  }

  /**
   * XORs key stream over memory, in place.
   *
   * @param skip blocks of the scratch to leave out: 1 when its first is the Poly1305 key
   * @param length octets, at most what the scratch holds after {@code skip}
   */
  void xor(int skip, long address, int length) {
    int whole = length >> 6;
    xorBlocks(stream, skip, address, whole);
    int rest = length & 63;
    if (rest != 0) {
      xorRest(stream, skip + whole, address + (long) (length & ~63), rest);
    }
  }

  private static void xorBlocks(int[] stream, int skip, long address, int blocks) {
    for (int block = skip; block < skip + blocks; block++) {
      int at = block / GROUP_BLOCKS * GROUP_INTS + block % GROUP_BLOCKS * 4;
      xorRow(stream, at, address);
      xorRow(stream, at + INT_LANES, address + 16);
      xorRow(stream, at + 2 * INT_LANES, address + 32);
      xorRow(stream, at + 3 * INT_LANES, address + 48);
      address += 64;
    }
  }

  private static void xorRest(int[] stream, int block, long address, int length) {
    int at = block / GROUP_BLOCKS * GROUP_INTS + block % GROUP_BLOCKS * 4;
    for (; length >= 16; length -= 16) {
      xorRow(stream, at, address);
      at += INT_LANES;
      address += 16;
    }
    for (; length >= 4; length -= 4) {
      int word = MEMORY.get(WORD, address) ^ stream[at];
      MEMORY.set(WORD, address, word);
      at++;
      address += 4;
    }
    for (int i = 0; i < length; i++) {
      byte octet = (byte) (MEMORY.get(ValueLayout.JAVA_BYTE, address + i) ^ (stream[at] >>> 8 * i));
      MEMORY.set(ValueLayout.JAVA_BYTE, address + i, octet);
    }
  }

  private static void xorRow(int[] stream, int at, long address) {
    IntVector.fromMemorySegment(ROW, MEMORY, address, LE)
        .lanewise(XOR, IntVector.fromArray(ROW, stream, at))
        .intoMemorySegment(MEMORY, address, LE);
  }
}
