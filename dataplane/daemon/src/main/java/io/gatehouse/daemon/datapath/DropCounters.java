// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.DropReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** One count for each {@link DropReason}, raised by one thread and read by any. */
final class DropCounters {
  private final Map<DropReason, Counter> counters = new EnumMap<>(DropReason.class);

  DropCounters() {
    for (DropReason reason : DropReason.values()) {
      counters.put(reason, new Counter());
    }
  }

  void add(DropReason reason, long n) {
    Objects.requireNonNull(counters.get(reason)).add(n);
  }

  long total() {
    return counters.values().stream().mapToLong(Counter::get).sum();
  }
}
