// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.ConfigActivity;
import io.gatehouse.wgquick.Finding;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Counts which changed files were applied and which were refused, and tells whoever listens.
 *
 * <p>Written by the control thread, read by any.
 */
public final class ConfigTally {
  /** Hears of files, on the control thread, so must return at once. */
  public interface Listener {
    /** A file was applied to its tunnel. */
    void applied(String fileName);

    /** A file was refused, and its tunnel keeps its last good state. */
    void rejected(String fileName, String why);
  }

  private final InstantSource clock;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** The files that are refused now, and why. */
  private final Map<String, String> refused = new LinkedHashMap<>();

  private long applied;
  private long rejected;
  private long changed;

  ConfigTally(InstantSource clock) {
    this.clock = clock;
  }

  /** From now on a listener hears of each file. */
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  /** A tunnel was changed as its file says. */
  void applied(String fileName) {
    synchronized (this) {
      applied++;
      changed = clock.instant().getEpochSecond();
    }
    listeners.forEach(listener -> listener.applied(fileName));
  }

  /** Takes what is found about a file now; errors that were not there before are a refusal. */
  void found(String fileName, List<Finding> findings) {
    String why =
        findings.stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .findFirst()
            .map(Finding::toString)
            .orElse("");
    synchronized (this) {
      String before = refused.remove(fileName);
      if (!why.isEmpty()) {
        refused.put(fileName, why);
      }
      if (why.isEmpty() || why.equals(before)) {
        return;
      }
      rejected++;
    }
    listeners.forEach(listener -> listener.rejected(fileName, why));
  }

  /** A file is gone, and with it what was wrong with it. */
  synchronized void forget(String fileName) {
    refused.remove(fileName);
  }

  synchronized ConfigActivity activity() {
    return new ConfigActivity(
        applied,
        rejected,
        changed,
        refused.isEmpty() ? "" : refused.values().stream().reduce("", (a, b) -> b));
  }
}
