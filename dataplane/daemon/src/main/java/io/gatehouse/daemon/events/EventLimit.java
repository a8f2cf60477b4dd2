// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

/**
 * How many events may be said: {@value #BURST} at once, and one more each {@value #REFILL_SECONDS}
 * seconds. What is held back is counted. Thread-safe.
 *
 * <p>When a whole gateway loses its uplink, the station learns it from the first few dozen.
 */
final class EventLimit {
  static final int BURST = 50;
  static final int REFILL_SECONDS = 2;

  private static final long REFILL_NANOS = REFILL_SECONDS * 1_000_000_000L;

  private long tokens = BURST;
  private long refilled;
  private long heldBack;

  /**
   * A full bucket.
   *
   * @param now monotonic, ns
   */
  EventLimit(long now) {
    refilled = now;
  }

  /** Whether one may be said now; if not, it is counted. */
  synchronized boolean admits(long now) {
    long earned = (now - refilled) / REFILL_NANOS;
    if (earned > 0) {
      tokens = Math.min(BURST, tokens + earned);
      refilled += earned * REFILL_NANOS;
    }
    if (tokens == 0) {
      heldBack++;
      return false;
    }
    tokens--;
    return true;
  }

  /** Counts one that is held back for another reason. */
  synchronized void holdBack() {
    heldBack++;
  }

  /** How many were held back since the start. */
  synchronized long heldBack() {
    return heldBack;
  }
}
