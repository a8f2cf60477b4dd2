// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Processor time that nothing else on this machine wants, for work that may wait. Niceness alone
 * does not do for work that gives the compiler something to do, since the compiler is not nice.
 *
 * <p>For one thread, which should be in the {@link Background}: what such threads use counts as
 * spare, so that the work does not wait for itself.
 */
public final class SpareTime {
  /** How much must be spare, of all processors together: one part of so many. */
  private static final int PART = 4;

  /** How long a look is good for, and how long it takes, in nanoseconds. */
  private static final long LOOK = 100_000_000;

  /**
   * Ticks since the machine started (proc_stat(5)).
   *
   * @param spare idle, or used by niced threads
   * @param all of them
   */
  record Ticks(long spare, long all) {
    /** From the text of /proc/stat. */
    static Optional<Ticks> parse(String stat) {
      String[] fields = stat.lines().findFirst().orElse("").trim().split(" +", -1);
      if (fields.length < 9 || !fields[0].equals("cpu")) {
        return Optional.empty();
      }
      try {
        long all = 0;
        for (int i = 1; i <= 8; i++) { // guests are in user time already
          all += Long.parseLong(fields[i]);
        }
        long spare =
            Long.parseLong(fields[2]) + Long.parseLong(fields[4]) + Long.parseLong(fields[5]);
        return Optional.of(new Ticks(spare, all));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
  }

  private final Supplier<Optional<Ticks>> source;
  private final LongSupplier clock;
  private final LongConsumer sleep;
  private long patience;
  private Optional<Ticks> before = Optional.empty();
  private long lookedAt;

  SpareTime(
      Duration patience, Supplier<Optional<Ticks>> source, LongSupplier clock, LongConsumer sleep) {
    this.patience = patience.toNanos();
    this.source = source;
    this.clock = clock;
    this.sleep = sleep;
  }

  /**
   * That of this machine, by /proc/stat; where that does not tell, there always is some.
   *
   * @param patience how long is waited for it in all; afterwards the work goes on in any case
   */
  public static SpareTime ofThisMachine(Duration patience) {
    return new SpareTime(patience, SpareTime::read, System::nanoTime, SpareTime::sleep);
  }

  /** Returns when there is some; at once if there was a tenth of a second ago. */
  public void await() {
    if (before.isPresent() && clock.getAsLong() - lookedAt < LOOK) {
      return;
    }
    if (before.isEmpty()) {
      before = source.get();
      pause();
    }
    while (before.isPresent() && !look() && patience > 0) {
      pause();
    }
  }

  /** Whether there was some since the last look. */
  private boolean look() {
    Optional<Ticks> now = source.get();
    boolean some =
        now.isEmpty()
            || (now.get().spare() - before.orElseThrow().spare()) * PART
                >= now.get().all() - before.orElseThrow().all();
    before = now;
    lookedAt = clock.getAsLong();
    return some;
  }

  private void pause() {
    sleep.accept(LOOK);
    patience -= LOOK;
  }

  private static Optional<Ticks> read() {
    try {
      return Ticks.parse(Files.readString(Path.of("/proc/stat"), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void sleep(long nanos) {
    try {
      Thread.sleep(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
