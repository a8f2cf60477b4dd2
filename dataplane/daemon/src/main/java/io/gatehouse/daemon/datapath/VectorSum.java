// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import com.sun.management.ThreadMXBean;
import io.gatehouse.protocol.WorkTime;
import io.gatehouse.protocol.aead.VectorWidth;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.time.Duration;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The long part of an {@link InternetChecksum}, a vector at a time: the sum of all 32-bit words. A
 * full segment takes a third of the scalar time. {@link InternetChecksum} is its slow twin, and the
 * only caller.
 */
final class VectorSum {
  private static final VectorSpecies<Long> SPECIES =
      VectorSpecies.of(long.class, VectorWidth.shape());
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long LOW = 0xffff_ffffL;
  private static final int WIDTH = SPECIES.vectorByteSize();

  /** Octets that are taken at a time: two vectors, so that one addition does not wait. */
  static final int STRIDE = 2 * WIDTH;

  private static final int LOOK = 2000;

  /** On a busy machine the compiler is long in coming; rounds would not tell when to give up. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private VectorSum() {}

  /**
   * Adds octets.
   *
   * @param length a multiple of {@link #STRIDE}
   */
  static long add(MemorySegment memory, long offset, int length) {
    LongVector sum = LongVector.zero(SPECIES);
    LongVector other = LongVector.zero(SPECIES);
    for (int at = 0; at < length; at += STRIDE) {
      sum = plusWords(sum, LongVector.fromMemorySegment(SPECIES, memory, offset + at, ORDER));
      other =
          plusWords(
              other, LongVector.fromMemorySegment(SPECIES, memory, offset + at + WIDTH, ORDER));
    }
    return sum.add(other).reduceLanes(VectorOperators.ADD);
  }

  private static LongVector plusWords(LongVector sum, LongVector words) {
    return sum.add(words.and(LOW)).add(words.lanewise(VectorOperators.LSHR, 32));
  }

  /**
   * Sums until the compiler is done: before that vectors are objects, and many times slower than no
   * vectors.
   *
   * @param between called again and again on the way, and may wait
   * @return whether nothing is allocated any more
   */
  static boolean warmUp(Runnable between) {
    ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    try (Arena arena = Arena.ofConfined()) {
      int length = 4 * STRIDE;
      MemorySegment octets = arena.allocate(length);
      int quiet = 0;
      WorkTime time = new WorkTime(PATIENCE, between);
      while (quiet < 3 && !time.isOver()) {
        long _ = time.giveWay();
        long before = threads.getCurrentThreadAllocatedBytes();
        long sum = 0;
        for (int i = 0; i < LOOK; i++) {
          sum += add(octets, 0, length);
        }
        if (sum != 0) {
          throw new IllegalStateException("zeros sum up to " + sum);
        }
        quiet = threads.getCurrentThreadAllocatedBytes() - before < LOOK ? quiet + 1 : 0;
      }
      return quiet == 3;
    }
  }
}
