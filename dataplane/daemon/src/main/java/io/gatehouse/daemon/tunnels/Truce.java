// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps us from a fight: what somebody undoes again and again is not done again and again. After
 * five times within a minute he has won, for ten minutes.
 */
final class Truce {
  private static final int TIMES = 5;
  private static final long WITHIN = Duration.ofMinutes(1).toNanos();
  private static final long REST = Duration.ofMinutes(10).toNanos();

  private final Deque<Long> times = new ArrayDeque<>();
  private boolean resting;
  private long until;

  /**
   * Asks whether to do it once more.
   *
   * @param now of the monotonic clock, in nanoseconds
   */
  boolean allows(long now) {
    if (resting && now - until < 0) {
      return false;
    }
    resting = false;
    while (!times.isEmpty() && now - times.getFirst() > WITHIN) {
      times.removeFirst();
    }
    if (times.size() == TIMES) {
      times.clear();
      resting = true;
      until = now + REST;
      return false;
    }
    times.addLast(now);
    return true;
  }

  /** Begins anew, as somebody has looked after it. */
  void end() {
    times.clear();
    resting = false;
  }
}
