// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

/** So many a second on average, and so many at once. For one thread. */
final class Pace {
  private final long interval;
  private final long burst;

  /** When what was spent is worked off at the average rate. */
  private long busyUntil;

  /**
   * A pace that nothing was spent of.
   *
   * @param now monotonic, ns
   */
  Pace(int perSecond, int burst, long now) {
    interval = 1_000_000_000L / perSecond;
    this.burst = burst * interval;
    busyUntil = now;
  }

  /** Whether one more is within the pace. */
  boolean allows(long now) {
    return busyUntil - now <= burst - interval;
  }

  /** Spends one if that is within the pace. */
  boolean spend(long now) {
    if (!allows(now)) {
      return false;
    }
    busyUntil = (busyUntil - now > 0 ? busyUntil : now) + interval;
    return true;
  }
}
