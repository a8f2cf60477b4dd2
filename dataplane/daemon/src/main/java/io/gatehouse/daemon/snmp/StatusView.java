// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.control.GatewayStatus;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's status as requests see it: taken anew when the last one is older than {@value
 * #MAX_AGE_MILLIS} ms, and than {@value #SHARE} times as long as it took to take, so that a walk of
 * thousands of requests does not take thousands of snapshots, and one of thousands of peers costs
 * the tunnels little. Thread-safe.
 */
final class StatusView {
  static final long MAX_AGE_MILLIS = 250;
  static final long SHARE = 20;

  private final Supplier<GatewayStatus> source;
  private final LongSupplier nanoTime;
  private @Nullable GatewayStatus status;
  private long taken;
  private long took;

  StatusView(Supplier<GatewayStatus> source, LongSupplier nanoTime) {
    this.source = source;
    this.nanoTime = nanoTime;
  }

  synchronized GatewayStatus now() {
    long time = nanoTime.getAsLong();
    GatewayStatus current = status;
    if (current == null || time - taken > Math.max(MAX_AGE_MILLIS * 1_000_000, SHARE * took)) {
      current = source.get();
      status = current;
      taken = time;
      took = nanoTime.getAsLong() - time;
    }
    return current;
  }

  /** Rows made from the status, made anew only when the status is. */
  <R> Supplier<Rows<R>> rows(Function<GatewayStatus, Rows<R>> make) {
    return new Supplier<>() {
      private @Nullable GatewayStatus of;
      private @Nullable Rows<R> made;

      @Override
      @SuppressWarnings("ReferenceEquality") // the very same status or not is the question here
      public synchronized Rows<R> get() {
        GatewayStatus current = now();
        Rows<R> rows = made;
        if (rows == null || of != current) {
          rows = make.apply(current);
          made = rows;
          of = current;
        }
        return rows;
      }
    };
  }
}
