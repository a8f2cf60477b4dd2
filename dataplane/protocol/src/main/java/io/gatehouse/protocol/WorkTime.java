// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Time for work that gives way to others: what it waits for them does not count. Monotonic; for one
 * thread.
 */
public final class WorkTime {
  private final Runnable others;
  private final LongSupplier nanoTime;
  private long end;

  /**
   * Begins now.
   *
   * @param limit how long the work may take
   * @param others returns when they leave the machine to us; may wait
   */
  public WorkTime(Duration limit, Runnable others) {
    this(limit, others, System::nanoTime);
  }

  WorkTime(Duration limit, Runnable others, LongSupplier nanoTime) {
    this.others = others;
    this.nanoTime = nanoTime;
    this.end = nanoTime.getAsLong() + limit.toNanos();
  }

  /** Lets others go first; to be called again and again on the way. Returns the ns it took. */
  public long giveWay() {
    long before = nanoTime.getAsLong();
    others.run();
    long waited = nanoTime.getAsLong() - before;
    end += waited;
    return waited;
  }

  /** Whether the work has taken as long as it may. */
  public boolean isOver() {
    return nanoTime.getAsLong() - end >= 0;
  }
}
