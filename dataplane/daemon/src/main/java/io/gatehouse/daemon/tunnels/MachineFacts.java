// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.check.HostFacts;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * What is known of the machine for the checks of files. Gathered on another thread, because the
 * kernel, {@code /proc} and a machine with many processes take their time; asked on the control
 * thread, which never waits for it.
 */
final class MachineFacts {
  private static final Logger LOG = System.getLogger(MachineFacts.class.getName());

  /** Reads the facts; may take a while. */
  interface Source {
    /**
     * The facts now.
     *
     * @param ports of which it is to be known whether they are in use
     */
    HostFacts read(Set<Integer> ports);
  }

  private final Source source;
  private final Executor executor;
  private volatile HostFacts latest = HostFacts.UNKNOWN;
  private Runnable listener = () -> {};
  private boolean reading;
  private boolean wanted;
  private Set<Integer> ports = Set.of();

  MachineFacts(Source source, Executor executor) {
    this.source = source;
    this.executor = executor;
  }

  /** Whom to tell when they have been gathered. */
  synchronized void listen(Runnable listener) {
    this.listener = listener;
  }

  HostFacts latest() {
    return latest;
  }

  /** Whether they are as new as the last {@link #refresh} wanted them. */
  synchronized boolean isCurrent() {
    return !reading;
  }

  /** Has them gathered again; while that goes on, once more afterwards. */
  synchronized void refresh(Set<Integer> ports) {
    this.ports = Set.copyOf(ports);
    wanted = true;
    if (!reading) {
      reading = true;
      executor.execute(this::gather);
    }
  }

  private void gather() {
    while (true) {
      Set<Integer> asked;
      synchronized (this) {
        if (!wanted) {
          reading = false;
          break;
        }
        wanted = false;
        asked = ports;
      }
      try {
        latest = source.read(asked);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "this machine could not be looked at for the checks of files", e);
      }
    }
    listener.run();
  }
}
