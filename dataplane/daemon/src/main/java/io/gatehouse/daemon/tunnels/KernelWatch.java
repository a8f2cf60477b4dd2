// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.LinkMonitor;
import io.gatehouse.linux.LinkMonitor.Event;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.Poller;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hears from the kernel what anybody changes about interfaces, addresses, routes and rules. What
 * comes close together is said together.
 */
final class KernelWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(KernelWatch.class.getName());

  /** How long more of the same is waited for. */
  private static final long GATHERING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long WITHOUT_END = -1;

  private final LinkMonitor monitor;
  private final EventFd wake;
  private final Consumer<Network.Changes> listener;
  private final Thread thread;
  private volatile boolean closed;

  private KernelWatch(LinkMonitor monitor, EventFd wake, Consumer<Network.Changes> listener) {
    this.monitor = monitor;
    this.wake = wake;
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name("kernel-watch").unstarted(this::run);
  }

  /**
   * Listens from now on in the calling thread's network namespace.
   *
   * @param listener called on a thread of its own
   */
  static KernelWatch start(Consumer<Network.Changes> listener) throws LinuxException {
    LinkMonitor monitor = LinkMonitor.open(Set.of(LinkMonitor.Topic.values()));
    try {
      KernelWatch watch = new KernelWatch(monitor, EventFd.open(), listener);
      watch.thread.start();
      return watch;
    } catch (LinuxException e) {
      monitor.close();
      throw e;
    }
  }

  private void run() {
    Poller events = new Poller(2);
    events.add(wake.fd());
    events.add(monitor.fd());
    Poller end = new Poller(1);
    end.add(wake.fd());
    while (!closed) {
      events.poll(WITHOUT_END);
      end.poll(GATHERING_NANOS);
      try {
        Network.Changes changes = read();
        if (!closed && !changes.isEmpty()) {
          listener.accept(changes);
        }
      } catch (LinuxException | RuntimeException e) {
        LOG.log(Level.ERROR, "what changed on this machine was not heard this time", e);
      }
    }
  }

  private Network.Changes read() throws LinuxException {
    Set<Integer> interfaces = new HashSet<>();
    boolean routing = false;
    for (Event event : monitor.read()) {
      switch (event) {
        case Event.LinkChanged changed -> interfaces.add(changed.link().index());
        case Event.LinkRemoved removed -> interfaces.add(removed.link().index());
        case Event.AddressesChanged changed -> interfaces.add(changed.ifIndex());
        case Event.RoutesChanged changed -> {
          interfaces.add(changed.ifIndex());
          routing |= changed.isDefault();
        }
        case Event.RulesChanged changed -> routing = true;
        case Event.Lost lost -> routing = true;
      }
    }
    return new Network.Changes(interfaces, routing);
  }

  @Override
  public void close() {
    closed = true;
    wake.signal();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    monitor.close();
    wake.close();
  }
}
