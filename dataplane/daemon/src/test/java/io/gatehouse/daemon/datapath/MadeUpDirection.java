// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.LinuxException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A direction whose packets are numbers. It sees whether they come one after the other and to one
 * thread at a time, and remembers to which threads.
 */
final class MadeUpDirection implements Direction, AutoCloseable {
  private static final int AT_MOST = 8;

  private final EventFd wake = EventFd.open();
  private final EventFd ready = EventFd.open();
  private final Queue<Integer> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();
  private @Nullable String lastThread;
  private int given;

  /** Names of the threads that took packets. */
  final Set<String> threads = new ConcurrentSkipListSet<>();

  /** What should not be. */
  final Queue<String> failures = new ConcurrentLinkedQueue<>();

  volatile int taken;
  volatile int turns;
  volatile int changesOfHands;
  volatile int ended;
  volatile boolean helped;
  volatile boolean failsNext;

  MadeUpDirection() throws LinuxException {}

  /** So many packets come. For one thread. */
  void give(int packets) {
    for (int i = 0; i < packets; i++) {
      waiting.add(given++);
    }
    ready.signal();
  }

  /** Whether all that came was taken. */
  boolean isEmpty() {
    return taken == given;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time, which this shows
  public Found turn(boolean alone) {
    Thread other = user.getAndSet(Thread.currentThread());
    if (other != null) {
      failures.add(other.getName() + " and " + Thread.currentThread().getName());
    }
    try {
      turns++;
      return take();
    } finally {
      user.set(null);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  private Found take() {
    if (waiting.isEmpty()) {
      ready.drain();
    }
    int before = taken;
    while (taken - before < AT_MOST && !waiting.isEmpty()) {
      if (failsNext) {
        failsNext = false;
        throw new IllegalStateException("made up");
      }
      int packet = waiting.remove();
      if (packet != taken) {
        failures.add(packet + " after " + (taken - 1));
      }
      taken++;
    }
    if (taken == before) {
      return Found.NOTHING;
    }
    String name = Thread.currentThread().getName();
    if (!name.equals(lastThread)) {
      lastThread = name;
      threads.add(name);
      changesOfHands++;
    }
    return taken == before + 1 ? Found.ONE : Found.MORE;
  }

  @Override
  public int fd() {
    return ready.fd();
  }

  @Override
  public EventFd wake() {
    return wake;
  }

  @Override
  public boolean isHelped() {
    return helped;
  }

  @Override
  public long octets() {
    return taken;
  }

  @Override
  public void settle() {
    // Nothing is ever half done.
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate")
  public void end() {
    ended++;
  }

  @Override
  public void close() {
    wake.close();
    ready.close();
  }
}
