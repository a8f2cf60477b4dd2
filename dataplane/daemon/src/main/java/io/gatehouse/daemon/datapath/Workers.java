// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.aead.Aead;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that seal and open batches for packet threads of all tunnels which have more than they
 * manage alone. They sleep while nobody calls.
 */
public final class Workers implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Workers.class.getName());

  /** Calls that wait; one more is not needed, since workers stay while there is work. */
  private static final int CALLS = 64;

  /** How long a worker looks for the next call before it sleeps: waking one takes some µs. */
  private static final long LOOKING_NANOS = 20_000;

  /** With fewer processors than that others need the one on which a worker would look. */
  private static final int PROCESSORS_TO_LOOK = 4;

  /** Most of them. */
  public static final int MAX = 63;

  private final SlotRing slots = new SlotRing(CALLS);
  private final AtomicReferenceArray<@Nullable Pipeline<?>> calls =
      new AtomicReferenceArray<>(CALLS);
  private final List<Thread> threads = new ArrayList<>();

  /** A bit for each worker that sleeps or is about to. */
  private final AtomicLong asleep = new AtomicLong();

  private final long lookingNanos;
  private volatile boolean stopped;

  /**
   * Starts them.
   *
   * @param count 0 to {@link #MAX}; with 0 every packet thread does its work alone
   * @param aead makes an engine for each
   */
  public Workers(int count, Supplier<Aead> aead) {
    if (count < 0 || count > MAX) {
      throw new IllegalArgumentException(count + " workers");
    }
    lookingNanos =
        Runtime.getRuntime().availableProcessors() >= PROCESSORS_TO_LOOK ? LOOKING_NANOS : 0;
    for (int i = 0; i < count; i++) {
      Aead own = aead.get();
      long bit = 1L << i;
      threads.add(
          Thread.ofPlatform().daemon().name("worker-" + i).unstarted(() -> serve(own, bit)));
    }
    threads.forEach(Thread::start);
  }

  /** None: what a machine with few processors has. */
  public static Workers none() {
    return new Workers(
        0,
        () -> {
          throw new IllegalStateException("nobody works");
        });
  }

  /** How many there are. */
  int count() {
    return threads.size();
  }

  /** Any thread: a pipeline has batches that wait. */
  void call(Pipeline<?> pipeline) {
    int slot = slots.claim();
    if (slot < 0) {
      return;
    }
    calls.setPlain(slot, pipeline);
    slots.fill(slot);
    wakeOne();
  }

  private void wakeOne() {
    long sleepers = asleep.get();
    while (sleepers != 0) {
      long one = Long.lowestOneBit(sleepers);
      if (asleep.compareAndSet(sleepers, sleepers & ~one)) {
        LockSupport.unpark(threads.get(Long.numberOfTrailingZeros(one)));
        return;
      }
      sleepers = asleep.get();
    }
  }

  private void serve(Aead aead, long bit) {
    while (!stopped) {
      try {
        turn(aead, bit);
      } catch (RuntimeException | Error e) {
        // One bad packet must not end the worker.
        LOG.log(Level.ERROR, "a worker goes on after an error", e);
      }
    }
  }

  /** Apart from the loop, see {@link TransmitLoop}. */
  private void turn(Aead aead, long bit) {
    int slot = slots.take();
    if (slot < 0) {
      idle(bit);
      return;
    }
    Pipeline<?> pipeline = calls.getPlain(slot);
    calls.setPlain(slot, null);
    slots.free(slot);
    while (pipeline != null && pipeline.help(aead)) {
      // The next one.
    }
  }

  private void idle(long bit) {
    if (lookingNanos > 0) {
      long until = System.nanoTime() + lookingNanos;
      while (System.nanoTime() - until < 0) {
        if (slots.size() > 0) {
          return;
        }
        Thread.onSpinWait();
      }
    }
    asleep.getAndAccumulate(bit, (all, mine) -> all | mine);
    // Looked at after the bit is set: who calls later sees it.
    if (slots.size() == 0 && !stopped) {
      LockSupport.park(this);
    }
    asleep.getAndAccumulate(bit, (all, mine) -> all & ~mine);
  }

  /** Ends them. Pipelines go on without. */
  @Override
  public void close() {
    stopped = true;
    threads.forEach(LockSupport::unpark);
    threads.forEach(Threads::join);
  }
}
