// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something another process is about to do. */
final class Eventually {
  /** Far more than anything here takes; a timing is never what a test is about. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private Eventually() {}

  static void eventually(String what, BooleanSupplier condition) {
    eventually(what, condition, () -> "");
  }

  /**
   * @param onFailure more words for the failure, such as a process's log
   */
  static void eventually(String what, BooleanSupplier condition, Supplier<String> onFailure) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("Did not happen: " + what + "\n" + onFailure.get());
      }
      pause(Duration.ofMillis(50));
    }
  }

  static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }
}
