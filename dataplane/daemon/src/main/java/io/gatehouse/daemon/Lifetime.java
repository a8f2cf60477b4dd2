// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * From start to end of a process that serves until it is told to stop. SIGTERM and SIGINT are a
 * normal end: everything is closed and the exit status is 0. Thread-safe.
 */
final class Lifetime {
  /** What closing takes at most when everything goes well. */
  static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);

  private final Duration patience;
  private final Semaphore woken = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean ended;
  private volatile int status;

  /**
   * Starts to listen for signals.
   *
   * @param patience how long everything may take to be closed
   */
  Lifetime(Duration patience) {
    this.patience = patience;
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(this::shutDown));
  }

  /** Asks for the end. */
  void end() {
    ended = true;
    woken.release();
  }

  /** Asks for a new beginning. */
  void beginAnew() {
    woken.release();
  }

  /** Whether it is the end, and no new beginning. */
  boolean hasEnded() {
    return ended;
  }

  /** Waits until a signal comes, or somebody asks for the end or for a new beginning. */
  void await() {
    try {
      if (!ended) {
        woken.acquire();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts the main thread; if somebody does, it is the end.
      ended = true;
    }
  }

  /** Ends the process; everything has been closed. */
  void exit(int exitStatus) {
    status = exitStatus;
    closed.countDown();
    System.exit(exitStatus);
  }

  /** On a signal the VM would exit with 128 + its number as soon as this returns. */
  private void shutDown() {
    end();
    try {
      if (!closed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("Closing takes more than " + patience.toSeconds() + " s: giving up.");
        status = 1;
      }
    } catch (InterruptedException e) {
      status = 1;
    }
    Runtime.getRuntime().halt(status);
  }
}
