// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.util.function.Function;
import java.util.function.LongSupplier;
import org.snmp4j.smi.SMIConstants;
import org.snmp4j.smi.TimeTicks;

/** sysUpTime: hundredths of a second since the agent started, modulo 2^32. */
final class UpTime {
  private final LongSupplier nanoTime;
  private final long startedNanos;
  private final long startedUnixSeconds;

  /**
   * Starts now.
   *
   * @param nanoTime monotonic clock
   * @param unixSeconds the wall clock now, to place moments that are known by it alone
   */
  UpTime(LongSupplier nanoTime, long unixSeconds) {
    this.nanoTime = nanoTime;
    this.startedNanos = nanoTime.getAsLong();
    this.startedUnixSeconds = unixSeconds;
  }

  /** sysUpTime now. */
  TimeTicks now() {
    return ticks((nanoTime.getAsLong() - startedNanos) / 10_000_000);
  }

  /** sysUpTime at a moment of the wall clock; 0 for one before the start (RFC 2863). */
  TimeTicks at(long unixSeconds) {
    return ticks(Math.max(0, unixSeconds - startedUnixSeconds) * 100);
  }

  private static TimeTicks ticks(long hundredths) {
    return new TimeTicks(hundredths & 0xFFFF_FFFFL);
  }

  /** A column of TimeTicks. */
  static <R> Column<R> column(int id, Function<R, TimeTicks> value) {
    return new Column<>(id, SMIConstants.SYNTAX_TIMETICKS, value::apply);
  }
}
