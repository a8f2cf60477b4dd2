// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import static io.gatehouse.protocol.aead.VectorLanes.INTS;
import static io.gatehouse.protocol.aead.VectorLanes.INT_LANES;
import static io.gatehouse.protocol.aead.VectorLanes.LE;
import static io.gatehouse.protocol.aead.VectorLanes.LONGS;
import static io.gatehouse.protocol.aead.VectorLanes.LONG_LANES;
import static io.gatehouse.protocol.aead.VectorLanes.MEMORY;
import static io.gatehouse.protocol.aead.VectorLanes.ODD_INTS;
import static io.gatehouse.protocol.aead.VectorLanes.ODD_LONGS;
import static io.gatehouse.protocol.aead.VectorLanes.ODD_ROWS;
import static io.gatehouse.protocol.aead.VectorLanes.ROW;
import static io.gatehouse.protocol.aead.VectorLanes.SWAP_HALVES;
import static io.gatehouse.protocol.aead.VectorLanes.SWAP_LONGS;
import static io.gatehouse.protocol.aead.VectorLanes.SWAP_ROWS;
import static io.gatehouse.protocol.aead.VectorLanes.UPPER_HALF;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * ChaCha20's key stream (RFC 8439, section 2.3) in vector registers, in two forms.
 *
 * <p>{@link #lanes}: a vector holds one word of the state for as many blocks as it has lanes, so
 * that rounds need no shuffle. Afterwards each four words of a block are brought together, which is
 * a transposition within 128 bits only, and then the four rows of each block.
 *
 * <p>{@link #rows}: a vector holds one row of the 4x4 state of 1, 2 or 4 blocks. Rounds need
 * rotations of rows, but so few blocks are all that short packets and short ends want.
 *
 * <p>Packets of a session mostly come in the order of their counters. So lanes that the end of a
 * packet leaves over make the first blocks of the one that is next by its counter, and are thrown
 * away when another one comes.
 *
 * <p>Methods are cut where the compiler's inlining budget would end: rounds, transposition, packet
 * access. Beyond it, and where a method takes or returns a vector and is not inlined, C2 puts
 * vectors on the heap, at twenty times the price.
 */
final class VectorChaCha20 {
  /** Blocks that {@link #lanes} makes. */
  private static final int PASS_BLOCKS = INT_LANES;

  /** Blocks whose rows a vector holds side by side. */
  private static final int GROUP_BLOCKS = INT_LANES / 4;

  private static final int GROUP_INTS = 16 * GROUP_BLOCKS;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LE);
  private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

  private static final VectorShuffle<Integer> LEFT_1 = left(1);
  private static final VectorShuffle<Integer> LEFT_2 = left(2);
  private static final VectorShuffle<Integer> LEFT_3 = left(3);

  /** Block numbers of a group, in every other long. */
  private static final long[] ROW_BLOCKS = rowBlocks();

  /** Which block of a pass each lane makes, so that blocks of a group become neighbours. */
  private static final int[] LANE_BLOCKS = laneBlocks();

  /** "expand 32-byte k" and the key: what all blocks of a packet begin with. */
  private final int[] words = {
    0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 0, 0, 0, 0, 0, 0, 0, 0
  };

  /** The words 12, 14 and 15 of each lane: block number and counter; 13 is 0 in WireGuard. */
  private final int[] numbers = new int[3 * INT_LANES];

  /** The four rows of {@link #rows}, each once for every block. */
  private final int[] state = new int[4 * INT_LANES];

  /** What {@link #lanes} leaves, word by word. */
  private final int[] wide = new int[16 * INT_LANES];

  private final int[] stream = new int[16 * INT_LANES];
  private long key;
  private long counter;

  /** The next block of the packet's to be made, and how many after those in the scratch memory. */
  private int next;

  private int wanted;

  /**
   * The packet's blocks in the scratch memory that were not used: from {@code at} to {@code end}.
   */
  private int at;

  private int end;

  /** So many after those are the first ones of the next counter. */
  private int ahead;

  VectorChaCha20() {
    for (int i = 0; i < INT_LANES; i++) {
      state[i] = words[i & 3];
    }
  }

  private static VectorShuffle<Integer> left(int words) {
    return VectorShuffle.fromOp(INTS, i -> (i & ~3) | ((i + words) & 3));
  }

  private static long[] rowBlocks() {
    long[] blocks = new long[LONG_LANES];
    Arrays.setAll(blocks, i -> i / 2);
    return blocks;
  }

  private static int[] laneBlocks() {
    int[] blocks = new int[INT_LANES];
    Arrays.setAll(blocks, i -> (i & 3) * GROUP_BLOCKS + i / 4);
    return blocks;
  }

  /**
   * Takes key and nonce of a packet, and makes its block 0 at least.
   *
   * @param blocks how many the packet wants, block 0 included
   */
  void start(long keyAddress, long nonce, int blocks) {
    if (ahead > 0 && isNext(keyAddress, nonce)) {
      at = end;
      end += ahead;
    } else {
      IntVector.fromMemorySegment(ROW, MEMORY, keyAddress, LE).intoArray(words, 4);
      IntVector.fromMemorySegment(ROW, MEMORY, keyAddress + 16, LE).intoArray(words, 8);
      at = 0;
      end = 0;
    }
    ahead = 0;
    key = keyAddress;
    counter = nonce;
    next = end - at;
    wanted = Math.max(0, blocks - next);
    if (next == 0) {
      generate();
    }
  }

  private boolean isNext(long keyAddress, long nonce) {
    long off = nonce ^ (counter + 1);
    int difference = (int) off | (int) (off >>> 32);
    for (int i = 0; i < 8; i++) {
      difference |= words[4 + i] ^ MEMORY.get(WORD, keyAddress + 4L * i);
    }
    return difference == 0;
  }

  /** Starts the authenticator with the words 0 to 7 of block 0, which must not be used before. */
  void startMac(Poly1305 mac) {
    int block = 16 * at++;
    mac.start(
        word(stream, block),
        word(stream, block + 2),
        word(stream, block + 4),
        word(stream, block + 6));
  }

  private static long word(int[] stream, int i) {
    return (stream[i] & 0xffff_ffffL) | ((long) stream[i + 1] << 32);
  }

  /** Makes the next blocks. */
  private void generate() {
    at = 0;
    if (wanted <= GROUP_BLOCKS) {
      startRows(state, key, next, counter);
      rows(state, stream);
      arrange(stream, GROUP_INTS);
      end = GROUP_BLOCKS;
    } else {
      end = Math.min(wanted, PASS_BLOCKS);
      ahead = PASS_BLOCKS - end;
      startLanes(numbers, next, end, counter);
      lanes(words, numbers, wide);
      transpose(wide, stream);
      arrange(stream, 16 * INT_LANES);
    }
    next += end;
    wanted = Math.max(0, wanted - end);
  }

  private static void startRows(int[] state, long keyAddress, int block, long counter) {
    for (int row = 1; row <= 2; row++) {
      IntVector odd =
          LongVector.broadcast(LONGS, MEMORY.get(LONG, keyAddress + 8)).reinterpretAsInts();
      LongVector.broadcast(LONGS, MEMORY.get(LONG, keyAddress))
          .reinterpretAsInts()
          .blend(odd, ODD_LONGS)
          .intoArray(state, row * INT_LANES);
      keyAddress += 16;
    }
    LongVector.fromArray(LONGS, ROW_BLOCKS, 0)
        .add(block)
        .reinterpretAsInts()
        .blend(LongVector.broadcast(LONGS, counter).reinterpretAsInts(), ODD_LONGS)
        .intoArray(state, 3 * INT_LANES);
  }

  private static void rows(int[] state, int[] out) {
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

  private static void startLanes(int[] numbers, int next, int blocks, long counter) {
    IntVector lane = IntVector.fromArray(INTS, LANE_BLOCKS, 0);
    VectorMask<Integer> ahead = lane.compare(GE, blocks);
    long after = counter + 1;
    lane.add(next).blend(lane.sub(blocks), ahead).intoArray(numbers, 0);
    IntVector.broadcast(INTS, (int) counter)
        .blend((int) after, ahead)
        .intoArray(numbers, INT_LANES);
    IntVector.broadcast(INTS, (int) (counter >>> 32))
        .blend((int) (after >>> 32), ahead)
        .intoArray(numbers, 2 * INT_LANES);
  }

  private static void lanes(int[] words, int[] numbers, int[] out) {
    IntVector x0 = IntVector.broadcast(INTS, words[0]);
    IntVector x1 = IntVector.broadcast(INTS, words[1]);
    IntVector x2 = IntVector.broadcast(INTS, words[2]);
    IntVector x3 = IntVector.broadcast(INTS, words[3]);
    IntVector x4 = IntVector.broadcast(INTS, words[4]);
    IntVector x5 = IntVector.broadcast(INTS, words[5]);
    IntVector x6 = IntVector.broadcast(INTS, words[6]);
    IntVector x7 = IntVector.broadcast(INTS, words[7]);
    IntVector x8 = IntVector.broadcast(INTS, words[8]);
    IntVector x9 = IntVector.broadcast(INTS, words[9]);
    IntVector x10 = IntVector.broadcast(INTS, words[10]);
    IntVector x11 = IntVector.broadcast(INTS, words[11]);
    IntVector x12 = IntVector.fromArray(INTS, numbers, 0);
    IntVector x13 = IntVector.zero(INTS);
    IntVector x14 = IntVector.fromArray(INTS, numbers, INT_LANES);
    IntVector x15 = IntVector.fromArray(INTS, numbers, 2 * INT_LANES);
    for (int i = 0; i < 10; i++) {
      x0 = x0.add(x4);
      x1 = x1.add(x5);
      x2 = x2.add(x6);
      x3 = x3.add(x7);
      x12 = x12.lanewise(XOR, x0).lanewise(ROL, 16);
      x13 = x13.lanewise(XOR, x1).lanewise(ROL, 16);
      x14 = x14.lanewise(XOR, x2).lanewise(ROL, 16);
      x15 = x15.lanewise(XOR, x3).lanewise(ROL, 16);
      x8 = x8.add(x12);
      x9 = x9.add(x13);
      x10 = x10.add(x14);
      x11 = x11.add(x15);
      x4 = x4.lanewise(XOR, x8).lanewise(ROL, 12);
      x5 = x5.lanewise(XOR, x9).lanewise(ROL, 12);
      x6 = x6.lanewise(XOR, x10).lanewise(ROL, 12);
      x7 = x7.lanewise(XOR, x11).lanewise(ROL, 12);
      x0 = x0.add(x4);
      x1 = x1.add(x5);
      x2 = x2.add(x6);
      x3 = x3.add(x7);
      x12 = x12.lanewise(XOR, x0).lanewise(ROL, 8);
      x13 = x13.lanewise(XOR, x1).lanewise(ROL, 8);
      x14 = x14.lanewise(XOR, x2).lanewise(ROL, 8);
      x15 = x15.lanewise(XOR, x3).lanewise(ROL, 8);
      x8 = x8.add(x12);
      x9 = x9.add(x13);
      x10 = x10.add(x14);
      x11 = x11.add(x15);
      x4 = x4.lanewise(XOR, x8).lanewise(ROL, 7);
      x5 = x5.lanewise(XOR, x9).lanewise(ROL, 7);
      x6 = x6.lanewise(XOR, x10).lanewise(ROL, 7);
      x7 = x7.lanewise(XOR, x11).lanewise(ROL, 7);
      x0 = x0.add(x5);
      x1 = x1.add(x6);
      x2 = x2.add(x7);
      x3 = x3.add(x4);
      x15 = x15.lanewise(XOR, x0).lanewise(ROL, 16);
      x12 = x12.lanewise(XOR, x1).lanewise(ROL, 16);
      x13 = x13.lanewise(XOR, x2).lanewise(ROL, 16);
      x14 = x14.lanewise(XOR, x3).lanewise(ROL, 16);
      x10 = x10.add(x15);
      x11 = x11.add(x12);
      x8 = x8.add(x13);
      x9 = x9.add(x14);
      x5 = x5.lanewise(XOR, x10).lanewise(ROL, 12);
      x6 = x6.lanewise(XOR, x11).lanewise(ROL, 12);
      x7 = x7.lanewise(XOR, x8).lanewise(ROL, 12);
      x4 = x4.lanewise(XOR, x9).lanewise(ROL, 12);
      x0 = x0.add(x5);
      x1 = x1.add(x6);
      x2 = x2.add(x7);
      x3 = x3.add(x4);
      x15 = x15.lanewise(XOR, x0).lanewise(ROL, 8);
      x12 = x12.lanewise(XOR, x1).lanewise(ROL, 8);
      x13 = x13.lanewise(XOR, x2).lanewise(ROL, 8);
      x14 = x14.lanewise(XOR, x3).lanewise(ROL, 8);
      x10 = x10.add(x15);
      x11 = x11.add(x12);
      x8 = x8.add(x13);
      x9 = x9.add(x14);
      x5 = x5.lanewise(XOR, x10).lanewise(ROL, 7);
      x6 = x6.lanewise(XOR, x11).lanewise(ROL, 7);
      x7 = x7.lanewise(XOR, x8).lanewise(ROL, 7);
      x4 = x4.lanewise(XOR, x9).lanewise(ROL, 7);
    }
    x0.add(words[0]).intoArray(out, 0);
    x1.add(words[1]).intoArray(out, INT_LANES);
    x2.add(words[2]).intoArray(out, 2 * INT_LANES);
    x3.add(words[3]).intoArray(out, 3 * INT_LANES);
    x4.add(words[4]).intoArray(out, 4 * INT_LANES);
    x5.add(words[5]).intoArray(out, 5 * INT_LANES);
    x6.add(words[6]).intoArray(out, 6 * INT_LANES);
    x7.add(words[7]).intoArray(out, 7 * INT_LANES);
    x8.add(words[8]).intoArray(out, 8 * INT_LANES);
    x9.add(words[9]).intoArray(out, 9 * INT_LANES);
    x10.add(words[10]).intoArray(out, 10 * INT_LANES);
    x11.add(words[11]).intoArray(out, 11 * INT_LANES);
    x12.add(IntVector.fromArray(INTS, numbers, 0)).intoArray(out, 12 * INT_LANES);
    x13.intoArray(out, 13 * INT_LANES);
    x14.add(IntVector.fromArray(INTS, numbers, INT_LANES)).intoArray(out, 14 * INT_LANES);
    x15.add(IntVector.fromArray(INTS, numbers, 2 * INT_LANES)).intoArray(out, 15 * INT_LANES);
  }

  /** Brings the four words of each row together. */
  private static void transpose(int[] in, int[] out) {
    for (int row = 0; row < 4; row++) {
      int at = 4 * row * INT_LANES;
      LongVector x0 = IntVector.fromArray(INTS, in, at).reinterpretAsLongs();
      LongVector x1 = IntVector.fromArray(INTS, in, at + INT_LANES).reinterpretAsLongs();
      LongVector x2 = IntVector.fromArray(INTS, in, at + 2 * INT_LANES).reinterpretAsLongs();
      LongVector x3 = IntVector.fromArray(INTS, in, at + 3 * INT_LANES).reinterpretAsLongs();
      IntVector x1Up = x1.lanewise(LSHL, 32).reinterpretAsInts();
      IntVector x3Up = x3.lanewise(LSHL, 32).reinterpretAsInts();
      IntVector x0Down = x0.lanewise(LSHR, 32).reinterpretAsInts();
      IntVector x2Down = x2.lanewise(LSHR, 32).reinterpretAsInts();
      IntVector even01 = x0.reinterpretAsInts().blend(x1Up, ODD_INTS);
      IntVector odd01 = x0Down.blend(x1.reinterpretAsInts(), ODD_INTS);
      IntVector even23 = x2.reinterpretAsInts().blend(x3Up, ODD_INTS);
      IntVector odd23 = x2Down.blend(x3.reinterpretAsInts(), ODD_INTS);
      at = row * INT_LANES;
      even01.blend(even23.rearrange(SWAP_LONGS), ODD_LONGS).intoArray(out, at);
      odd01.blend(odd23.rearrange(SWAP_LONGS), ODD_LONGS).intoArray(out, at + GROUP_INTS);
      even01.rearrange(SWAP_LONGS).blend(even23, ODD_LONGS).intoArray(out, at + 2 * GROUP_INTS);
      odd01.rearrange(SWAP_LONGS).blend(odd23, ODD_LONGS).intoArray(out, at + 3 * GROUP_INTS);
    }
  }

  /**
   * Brings the four rows of each block together: the stream is as it is XORed then. In vectors of
   * 128 bits, which hold one row, it already is.
   */
  private static void arrange(int[] stream, int length) {
    if (GROUP_BLOCKS == 1) {
      return;
    }
    for (int at = 0; at < length; at += GROUP_INTS) {
      IntVector row0 = IntVector.fromArray(INTS, stream, at);
      IntVector row1 = IntVector.fromArray(INTS, stream, at + INT_LANES);
      IntVector row2 = IntVector.fromArray(INTS, stream, at + 2 * INT_LANES);
      IntVector row3 = IntVector.fromArray(INTS, stream, at + 3 * INT_LANES);
      IntVector even01 = row0.blend(row1.rearrange(SWAP_ROWS), ODD_ROWS);
      IntVector odd01 = row0.rearrange(SWAP_ROWS).blend(row1, ODD_ROWS);
      IntVector even23 = row2.blend(row3.rearrange(SWAP_ROWS), ODD_ROWS);
      IntVector odd23 = row2.rearrange(SWAP_ROWS).blend(row3, ODD_ROWS);
      if (GROUP_BLOCKS == 2) {
        even01.intoArray(stream, at);
        even23.intoArray(stream, at + INT_LANES);
        odd01.intoArray(stream, at + 2 * INT_LANES);
        odd23.intoArray(stream, at + 3 * INT_LANES);
      } else {
        even01.blend(even23.rearrange(SWAP_HALVES), UPPER_HALF).intoArray(stream, at);
        odd01.blend(odd23.rearrange(SWAP_HALVES), UPPER_HALF).intoArray(stream, at + INT_LANES);
        even01
            .rearrange(SWAP_HALVES)
            .blend(even23, UPPER_HALF)
            .intoArray(stream, at + 2 * INT_LANES);
        odd01.rearrange(SWAP_HALVES).blend(odd23, UPPER_HALF).intoArray(stream, at + 3 * INT_LANES);
      }
    }
  }

  /**
   * XORs the key stream over a packet's octets: from block 1 on, or from where it ended.
   *
   * @param from where they are
   * @param to where the result goes, the same place or another one
   * @param length a multiple of 64, but for the end of a packet
   */
  void xor(long from, long to, int length) {
    int done = 0;
    while (done < length) {
      if (at == end) {
        generate();
      }
      int part = Math.min(length - done, 64 * (end - at));
      xor(stream, 16 * at, from + done, to + done, part);
      at += (part + 63) >> 6;
      done += part;
    }
  }

  private static void xor(int[] stream, int at, long from, long to, int length) {
    int whole = length & -(4 * INT_LANES);
    for (int i = 0; i < whole; i += 4 * INT_LANES) {
      IntVector.fromMemorySegment(INTS, MEMORY, from + i, LE)
          .lanewise(XOR, IntVector.fromArray(INTS, stream, at + (i >> 2)))
          .intoMemorySegment(MEMORY, to + i, LE);
    }
    if (whole < length) {
      xorRest(stream, at + (whole >> 2), from + whole, to + whole, length - whole);
    }
  }

  /**
   * Less than a vector, without any: what runs so seldom is compiled before the compiler has seen
   * enough of it, and a vector operation that it then leaves a call makes objects for ever.
   */
  private static void xorRest(int[] stream, int at, long from, long to, int length) {
    for (; length >= 8; length -= 8) {
      MEMORY.set(LONG, to, MEMORY.get(LONG, from) ^ word(stream, at));
      at += 2;
      from += 8;
      to += 8;
    }
    if (length >= 4) {
      MEMORY.set(WORD, to, MEMORY.get(WORD, from) ^ stream[at]);
      at++;
      from += 4;
      to += 4;
      length -= 4;
    }
    for (int i = 0; i < length; i++) {
      byte octet = (byte) (MEMORY.get(ValueLayout.JAVA_BYTE, from + i) ^ (stream[at] >>> 8 * i));
      MEMORY.set(ValueLayout.JAVA_BYTE, to + i, octet);
    }
  }
}
