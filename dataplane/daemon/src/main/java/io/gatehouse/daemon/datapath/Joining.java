// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

/**
 * How far packets of one protocol are joined: as far as the kernel grants, and less for a minute
 * when it refuses such a super-packet in spite of that. Some take none (vendors' kernels that only
 * grant), Linux 6.6.44 and its like take none whose last packet is shorter than the others; so a
 * refusal of an uneven one first ends only those.
 *
 * <p>Belongs to one coalescer.
 */
final class Joining {
  static final long PAUSE_NANOS = 60_000_000_000L;

  private final boolean granted;
  private boolean any;
  private boolean uneven;
  private long end;

  Joining(boolean granted) {
    this.granted = granted;
    any = granted;
    uneven = granted;
  }

  /** Whether packets are joined. */
  boolean any() {
    return any;
  }

  /** Whether packets are joined whose last is shorter than the others, or not shorter. */
  boolean allows(boolean isUneven) {
    return isUneven ? uneven : any;
  }

  /**
   * Goes one step back after a refusal.
   *
   * @param isUneven whether the last packet was shorter than the others
   * @param now by {@link System#nanoTime}
   */
  void refused(boolean isUneven, long now) {
    uneven = false;
    any &= isUneven;
    end = now + PAUSE_NANOS;
  }

  /** Whether less is joined than granted. */
  boolean isHeldBack() {
    return granted && !uneven;
  }

  /** Joins all that is granted again, if it is time. */
  void retry(long now) {
    if (end - now <= 0) {
      any = granted;
      uneven = granted;
    }
  }
}
