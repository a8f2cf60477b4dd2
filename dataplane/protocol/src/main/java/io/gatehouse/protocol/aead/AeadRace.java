// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Two warm engines side by side at the sizes of packets. What counts is each one's best time, so
 * that a busy machine makes the race longer but not unfair.
 */
final class AeadRace {
  static final int MILLISECONDS = 50;

  private static final int[] LENGTHS = {64, 576, 1420};
  private static final int PACKETS = 16;

  private final Aead[] engines;

  /** Best time for a batch sealed and opened, ns, by engine and length. */
  private final long[][] best;

  private AeadRace(Aead... engines) {
    this.engines = engines;
    best = new long[engines.length][LENGTHS.length];
    for (long[] each : best) {
      Arrays.fill(each, Long.MAX_VALUE);
    }
  }

  static AeadRace run(Aead first, Aead second) {
    AeadRace race = new AeadRace(first, second);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = KnownAnswers.key(arena);
      MemorySegment packet = arena.allocate(2048, 64);
      long end = System.nanoTime() + MILLISECONDS * 1_000_000L;
      do {
        for (int length = 0; length < LENGTHS.length; length++) {
          for (int engine = 0; engine < race.engines.length; engine++) {
            race.batch(engine, length, key, packet);
          }
        }
      } while (System.nanoTime() - end < 0);
    }
    return race;
  }

  private void batch(int engine, int length, MemorySegment key, MemorySegment packet) {
    Aead aead = engines[engine];
    int octets = LENGTHS[length];
    long start = System.nanoTime();
    for (int counter = 0; counter < PACKETS; counter++) {
      aead.seal(key, counter, packet, 16, octets);
      if (!aead.open(key, counter, packet, 16, octets + Aead.TAG_LENGTH)) {
        throw new IllegalStateException(aead.name() + " refused its own packet");
      }
    }
    best[engine][length] = Math.min(best[engine][length], System.nanoTime() - start);
  }

  /** Whether the first is as fast as the second, all sizes together. */
  boolean firstWins() {
    return Arrays.stream(best[0]).sum() <= Arrays.stream(best[1]).sum();
  }

  /** Such as {@code vector-256 needs 200, 480 and 790 ns for 64, 576 and 1420 octets, ...}. */
  @Override
  public String toString() {
    return times(0) + " for 64, 576 and 1420 octets, " + times(1);
  }

  private String times(int engine) {
    long[] ns = Arrays.stream(best[engine]).map(each -> each / (2 * PACKETS)).toArray();
    return engines[engine].name() + " needs " + ns[0] + ", " + ns[1] + " and " + ns[2] + " ns";
  }
}
