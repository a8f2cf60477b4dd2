// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.aead.Aead;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Batches of packets that several threads work on at a time and that leave in the order in which
 * they came. One thread fills and publishes them; any thread {@linkplain #help helps}: it works on
 * the oldest batch that nobody works on, and then lets leave what is finished and has no unfinished
 * one before it. So nobody waits for anybody, and nobody needs to be woken to let a batch leave.
 *
 * <p>No lock, and nothing allocated after its making.
 *
 * @param <B> the kind of batches
 */
final class Pipeline<B extends Pipeline.Batch> {
  /** What goes through it. */
  interface Batch {
    /** The costly part. By one thread, beside others that work on other batches. */
    void work(Aead aead);

    /** The part that must happen in order: by one thread at a time, after {@link #work}. */
    void leave(Aead aead);
  }

  private static final VarHandle DONE = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle CLAIMED;
  private static final VarHandle LEAVING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CLAIMED = lookup.findVarHandle(Pipeline.class, "claimed", long.class);
      LEAVING = lookup.findVarHandle(Pipeline.class, "leaving", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Workers workers;
  private final List<B> batches;
  private final int mask;

  /** For each place, one more than the ticket of the batch that was worked on there last. */
  private final long[] done;

  // Tickets: batches are numbered in the order in which they are published.
  private volatile long published;
  private volatile long claimed;
  private volatile long left;

  /** Whether a thread lets batches leave. */
  private volatile boolean leaving;

  /**
   * An empty one.
   *
   * @param workers who is asked for help when batches wait
   * @param make makes the batches
   */
  Pipeline(Workers workers, Supplier<B> make) {
    this.workers = workers;
    // One that is filled, one that leaves, and one for each worker.
    int count = Math.max(4, Integer.highestOneBit(workers.count() + 1) * 2);
    List<B> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(make.get());
    }
    batches = List.copyOf(made);
    mask = count - 1;
    done = new long[count];
  }

  /** Filling thread: the batch to fill next, the same until {@link #publish}; null if none is. */
  @Nullable B free() {
    long ticket = published;
    return ticket - left > mask ? null : batches.get((int) ticket & mask);
  }

  /** Filling thread: the batch is full. Two that wait are worth another thread's while. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // The filling thread alone writes.
  void publish() {
    long next = published + 1;
    published = next;
    if (next - claimed > 1) {
      workers.call(this);
    }
  }

  /** Filling thread: whether all that was published has left. */
  boolean isEmpty() {
    return left == published;
  }

  /** Filling thread: returns when all that was published has left. */
  void drain(Aead aead) {
    while (!isEmpty()) {
      if (!help(aead)) {
        letLeave(aead);
        pause();
      }
    }
  }

  /** Lets other threads finish what they are at; they may be waiting for this processor. */
  @SuppressWarnings("ThreadPriorityCheck") // Only a hint: nothing depends on who goes on.
  static void pause() {
    Thread.onSpinWait();
    Thread.yield();
  }

  /**
   * Works on one batch. Any thread.
   *
   * @param aead the thread's own engine
   * @return false when there is none that nobody works on
   */
  boolean help(Aead aead) {
    long ticket;
    do {
      ticket = claimed;
      if (ticket == published) {
        return false;
      }
    } while (!CLAIMED.compareAndSet(this, ticket, ticket + 1));
    int place = (int) ticket & mask;
    try {
      batches.get(place).work(aead);
    } finally {
      DONE.setVolatile(done, place, ticket + 1);
      letLeave(aead);
    }
    return true;
  }

  private void letLeave(Aead aead) {
    // Whoever lets batches leave looks again after it has stopped; so either it sees a batch that
    // was finished meanwhile, or who finished that sees that it has stopped.
    while (isNextDone() && !leaving && LEAVING.compareAndSet(this, false, true)) {
      try {
        while (isNextDone()) {
          leaveOne(aead);
        }
      } finally {
        leaving = false;
      }
    }
  }

  private boolean isNextDone() {
    long ticket = left;
    return (long) DONE.getVolatile(done, (int) ticket & mask) == ticket + 1;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread at a time.
  private void leaveOne(Aead aead) {
    long ticket = left;
    try {
      batches.get((int) ticket & mask).leave(aead);
    } finally {
      left = ticket + 1;
    }
  }
}
