// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of this process and the constants that follow from it.
 *
 * <p>They are static on purpose: the compiler turns vector objects into registers only where the
 * species is a constant. Tests load the classes named {@code Vector...} once per width.
 */
final class VectorLanes {
  static final VectorShape SHAPE = VectorWidth.shape();
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
  static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, SHAPE);
  static final VectorSpecies<Integer> ROW = IntVector.SPECIES_128;

  /** Int lanes of a vector. */
  static final int INT_LANES = INTS.length();

  /** Long lanes of a vector. */
  static final int LONG_LANES = LONGS.length();

  /**
   * Neighbouring longs exchanged. This shuffle and the next mask are made of ints, since C2 has
   * neither for the two long lanes of a 128-bit vector and would put the vectors on the heap.
   */
  static final VectorShuffle<Integer> SWAP_LONGS = VectorShuffle.fromOp(INTS, i -> i ^ 2);

  /** The ints 1, 3, 5... */
  static final VectorMask<Integer> ODD_INTS = VectorMask.fromLong(INTS, 0xAAAAL);

  /** The longs 1, 3, 5... as int lanes. */
  static final VectorMask<Integer> ODD_LONGS = VectorMask.fromLong(INTS, 0xCCCCL);

  /** Neighbouring rows of 128 bits exchanged; meant for wider vectors. */
  static final VectorShuffle<Integer> SWAP_ROWS =
      VectorShuffle.fromOp(INTS, i -> i ^ 4 & INT_LANES - 1);

  /** The rows 1 and 3. */
  static final VectorMask<Integer> ODD_ROWS = VectorMask.fromLong(INTS, 0xF0F0L);

  /** The halves of a vector of 512 bits exchanged; meant for no other. */
  static final VectorShuffle<Integer> SWAP_HALVES =
      VectorShuffle.fromOp(INTS, i -> i ^ 8 & INT_LANES - 1);

  /** The upper half of a vector of 512 bits. */
  static final VectorMask<Integer> UPPER_HALF = VectorMask.fromLong(INTS, 0xFF00L);

  /** Octets lie in network packets as in RFC 8439: little-endian. */
  static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  /**
   * All memory, indexed by address. A constant segment costs no check per access; whoever uses it
   * has checked the caller's segment first.
   */
  @SuppressWarnings("restricted")
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private VectorLanes() {}
}
