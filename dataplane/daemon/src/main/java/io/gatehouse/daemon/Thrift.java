// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.linux.NativeHeap;
import io.gatehouse.linux.SpareTime;
import java.time.Duration;

/**
 * Gives memory back to the system: what the Java VM's compilers needed for a moment, and the heap
 * that a large request or question left full of garbage. The VM itself would fill the heap up to
 * its limit first. Looks often at first, when much is compiled, then once a minute.
 *
 * <p>Collecting stops the packet threads for some milliseconds and one more for each thousand
 * peers, so it is done only where more than half of the heap is new since the last time, and at a
 * moment when the machine has time to spare, if there is one soon.
 */
final class Thrift {
  private static final Duration FIRST = Duration.ofSeconds(4);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final long SLACK = 4 << 20;

  /** How long garbage may wait for such a moment. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What was left in the heap after the last collection of ours. */
  private long live;

  private Thrift() {}

  /** Until the thread is interrupted. */
  static void practise() {
    Thrift thrift = new Thrift();
    for (Duration pause = FIRST; !Thread.currentThread().isInterrupted(); pause = next(pause)) {
      thrift.save();
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void save() {
    if (isWasteful(used(), live)) {
      SpareTime.ofThisMachine(PATIENCE).await();
      System.gc();
      live = used();
    }
    NativeHeap.trim();
  }

  /** Whether a heap with so many octets in use, of which so many were live, is to be collected. */
  static boolean isWasteful(long used, long live) {
    return used > 2 * live + SLACK;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Half as long again. */
  static Duration next(Duration pause) {
    Duration longer = pause.plus(pause.dividedBy(2));
    return longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
  }
}
