// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.linux.NativeHeap;
import java.time.Duration;

/**
 * Gives memory back to the system that the Java VM's compilers needed for a moment: often at first,
 * when much is compiled, then once in ten minutes.
 */
final class Thrift {
  private static final Duration FIRST = Duration.ofSeconds(4);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private Thrift() {}

  /** Trims and sleeps until the thread is interrupted, or at once if the system cannot trim. */
  static void practise() {
    Duration pause = FIRST;
    while (NativeHeap.trim()) {
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      pause = next(pause);
    }
  }

  /** Half as long again. */
  static Duration next(Duration pause) {
    Duration longer = pause.plus(pause.dividedBy(2));
    return longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
  }
}
