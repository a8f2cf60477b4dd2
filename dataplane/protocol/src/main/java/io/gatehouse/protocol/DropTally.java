// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A count for each {@link DropReason}, raised and read by any thread. Raising allocates nothing.
 */
final class DropTally {
  private static final DropReason[] REASONS = DropReason.values();

  private final AtomicLongArray counts = new AtomicLongArray(REASONS.length + 1);

  void add(DropReason reason, long count) {
    counts.getAndAdd(reason.number(), count);
  }

  long get(DropReason reason) {
    return counts.get(reason.number());
  }

  /** Moves a count to another tally; what two threads move at once arrives once. */
  void moveTo(DropTally other, DropReason reason) {
    long count = counts.getAndSet(reason.number(), 0);
    if (count != 0) {
      other.add(reason, count);
    }
  }

  void moveTo(DropTally other) {
    for (DropReason reason : REASONS) {
      moveTo(other, reason);
    }
  }

  /** Without the reasons that never occurred. */
  Map<DropReason, Long> toMap() {
    Map<DropReason, Long> map = new EnumMap<>(DropReason.class);
    for (DropReason reason : REASONS) {
      long count = get(reason);
      if (count != 0) {
        map.put(reason, count);
      }
    }
    return Map.copyOf(map);
  }
}
