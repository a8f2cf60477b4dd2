// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import io.gatehouse.linux.Errno;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The heap that requests and answers of all clients together may take, so that no number of clients
 * can use up the memory the tunnels live from. Thread-safe.
 */
final class RequestMemory {
  private static final int BLOCK = 64 << 10;
  private static final int PATIENCE_SECONDS = 5;

  private final int total;
  private final Semaphore blocks;

  /**
   * Makes one.
   *
   * @param octets of heap in all, besides a first 64 KiB for each client
   */
  RequestMemory(long octets) {
    total = (int) Math.min(Integer.MAX_VALUE, octets / BLOCK);
    blocks = new Semaphore(total, true);
  }

  /** A quarter of the heap. */
  static RequestMemory ofThisProcess() {
    return new RequestMemory(Runtime.getRuntime().maxMemory() / 4);
  }

  /** What one request or answer takes; nothing yet. */
  Share share() {
    return new Share();
  }

  /** For one thread; given back by {@link #close}. */
  final class Share implements AutoCloseable {
    private long used;
    private int held;

    /**
     * Takes more.
     *
     * @throws UapiException ENOMEM when the others have it all, and keep it
     */
    void grow(long octets) throws UapiException {
      used += octets;
      long wanted = used / BLOCK - held;
      if (wanted <= 0) {
        return;
      }
      try {
        // What never fits is not waited for.
        if (held + wanted <= total
            && blocks.tryAcquire((int) wanted, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          held += (int) wanted;
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new UapiException(Errno.ENOMEM, "too much is being asked at once");
    }

    @Override
    public void close() {
      blocks.release(held);
      held = 0;
    }
  }
}
