// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keys in memory outside the heap, so that the garbage collector makes no copies of them: slots of
 * 32 octets, zeroed when given back and used again. Belongs to the control thread; the segments may
 * be read by any thread.
 */
final class KeySlots {
  private static final int SLOT = 32;
  private static final int CHUNK = 64;
  private static final MemorySegment ZERO = MemorySegment.ofArray(new byte[SLOT]);

  private final ArrayDeque<MemorySegment> free = new ArrayDeque<>();
  private final List<MemorySegment> chunks = new ArrayList<>();

  /** Moves a key into a slot: the array is wiped. */
  MemorySegment take(byte[] key) {
    if (free.isEmpty()) {
      MemorySegment chunk = Arena.ofAuto().allocate((long) SLOT * CHUNK, 64);
      chunks.add(chunk);
      for (int i = 0; i < CHUNK; i++) {
        free.add(chunk.asSlice((long) SLOT * i, SLOT));
      }
    }
    MemorySegment slot = free.remove();
    MemorySegment.copy(key, 0, slot, ValueLayout.JAVA_BYTE, 0, SLOT);
    Arrays.fill(key, (byte) 0);
    return slot;
  }

  /** A copy on the heap, which the caller wipes. */
  static byte[] copyOf(MemorySegment slot) {
    return slot.toArray(ValueLayout.JAVA_BYTE);
  }

  /** The keys that are in memory now, for tests of erasure. */
  Stream<MemorySegment> occupied() {
    return chunks.stream()
        .flatMap(chunk -> chunk.elements(MemoryLayout.sequenceLayout(SLOT, ValueLayout.JAVA_BYTE)))
        .filter(slot -> slot.mismatch(ZERO) >= 0);
  }

  /** Zeroes a slot and makes it free. */
  void giveBack(MemorySegment slot) {
    slot.fill((byte) 0);
    free.add(slot);
  }
}
