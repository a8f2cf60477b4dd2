// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says when to look for drift: a moment after something may have changed a tunnel, so that many
 * changes at once cost one look, and what is healed meanwhile is none. Thread-safe.
 */
final class DriftWatch {
  static final long PAUSE_MILLIS = 500;

  private final ScheduledExecutorService control;
  private final Consumer<String> look;
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  /**
   * A watch over no tunnel yet.
   *
   * @param look called by the executor with the name of a tunnel
   */
  DriftWatch(ScheduledExecutorService control, Consumer<String> look) {
    this.control = control;
    this.look = look;
  }

  /** Something may have changed a tunnel. */
  void mayHaveChanged(String tunnel) {
    if (!waiting.add(tunnel)) {
      return;
    }
    try {
      var _ =
          control.schedule(
              () -> {
                waiting.remove(tunnel);
                look.accept(tunnel);
              },
              PAUSE_MILLIS,
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Everything is closed already.
    }
  }
}
