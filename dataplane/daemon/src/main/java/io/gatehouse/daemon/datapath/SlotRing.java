// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The slots of a bounded queue for any number of writers and readers, by number: what is in a slot
 * is its owner's affair. No lock, and nothing allocated after its making. Slots are read in the
 * order in which they were claimed.
 *
 * <p>Each slot has a turn that says whose it is (after D. Vyukov's bounded queue): the ticket of
 * the writer that may fill it, one more when it is filled, the next round's ticket when it was
 * read.
 */
final class SlotRing {
  private static final VarHandle TURN = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle TAIL;
  private static final VarHandle HEAD;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TAIL = lookup.findVarHandle(SlotRing.class, "tail", long.class);
      HEAD = lookup.findVarHandle(SlotRing.class, "head", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int mask;
  private final long[] turns;
  private volatile long tail;
  private volatile long head;

  /**
   * An empty ring.
   *
   * @param capacity slots, a power of two
   */
  SlotRing(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException(capacity + " is no power of two");
    }
    mask = capacity - 1;
    turns = new long[capacity];
    for (int slot = 0; slot < capacity; slot++) {
      turns[slot] = slot;
    }
  }

  /** The slot that the calling writer shall fill, -1 when all are taken. */
  int claim() {
    while (true) {
      long ticket = tail;
      int slot = (int) ticket & mask;
      long late = (long) TURN.getAcquire(turns, slot) - ticket;
      if (late < 0) {
        return -1;
      }
      if (late == 0 && TAIL.compareAndSet(this, ticket, ticket + 1)) {
        return slot;
      }
    }
  }

  /** The writer's: the slot it claimed is full. */
  void fill(int slot) {
    TURN.setVolatile(turns, slot, turns[slot] + 1);
  }

  /** The slot that the calling reader shall empty, -1 when none is full. */
  int take() {
    while (true) {
      long ticket = head;
      int slot = (int) ticket & mask;
      long late = (long) TURN.getVolatile(turns, slot) - (ticket + 1);
      if (late < 0) {
        return -1;
      }
      if (late == 0 && HEAD.compareAndSet(this, ticket, ticket + 1)) {
        return slot;
      }
    }
  }

  /** The reader's: the slot it took is free again. */
  void free(int slot) {
    TURN.setRelease(turns, slot, turns[slot] + mask);
  }

  /** Slots that are claimed and not yet taken; while threads are at it, a moment's view. */
  int size() {
    long first = head;
    return (int) Math.max(0, tail - first);
  }
}
