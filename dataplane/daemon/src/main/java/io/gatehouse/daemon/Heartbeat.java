// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.linux.ServiceManager;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/**
 * Tells the service manager that the data plane does its work, for as long as it does: each sign of
 * life comes after the control thread, through which every change goes, has taken its turn. Where
 * nobody watches there is no thread.
 */
final class Heartbeat {
  private Heartbeat() {}

  /**
   * Begins to beat, for the rest of the process's life.
   *
   * @param turn returns once the control thread has done what came before
   */
  static void start(ServiceManager manager, Runnable turn) {
    manager
        .patience()
        .ifPresent(
            patience ->
                Thread.ofPlatform()
                    .name("heartbeat")
                    .daemon()
                    .start(() -> beat(manager, turn, patience.dividedBy(3))));
  }

  private static void beat(ServiceManager manager, Runnable turn, Duration pause) {
    try {
      while (true) {
        turn.run();
        manager.alive();
        Thread.sleep(pause);
      }
    } catch (RejectedExecutionException e) {
      // The tunnels are closed: the end, of which the manager has been told.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
