// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Waits until one of a few descriptors is readable: ppoll(2), level-triggered.
 *
 * <p>For one thread. Allocates nothing after its making.
 */
public final class Poller {
  private static final int SIZE = 8; // struct pollfd: int fd, short events, short revents
  private static final int EVENTS = 4;
  private static final int REVENTS = 6;

  private final int capacity;
  private final MemorySegment fds;
  private final MemorySegment timeout = Arena.ofAuto().allocate(16, 8); // struct timespec
  private int slots;

  /** Room for so many descriptors. */
  public Poller(int capacity) {
    this.capacity = capacity;
    this.fds = Arena.ofAuto().allocate((long) capacity * SIZE, 8);
  }

  /**
   * Watches a descriptor; a negative one makes an idle slot that {@link #replace} can fill later.
   *
   * @return the slot to ask about
   * @throws IllegalStateException when the capacity is used up
   */
  public int add(int fd) {
    if (slots == capacity) {
      throw new IllegalStateException("all " + capacity + " slots are taken");
    }
    replace(slots, fd);
    return slots++;
  }

  /** Watches another descriptor in a slot; a negative one leaves the slot idle. */
  public void replace(int slot, int fd) {
    long at = (long) slot * SIZE;
    fds.set(ValueLayout.JAVA_INT, at, fd);
    fds.set(ValueLayout.JAVA_SHORT, at + EVENTS, LibC.POLLIN);
    fds.set(ValueLayout.JAVA_SHORT, at + REVENTS, (short) 0);
  }

  /** Leaves a slot idle. It keeps its number. */
  public void remove(int slot) {
    replace(slot, -1);
  }

  /**
   * Waits for a descriptor or the time.
   *
   * @param timeoutNanos how long at most; 0 only looks, below 0 waits without end
   * @return how many slots are {@link #readable} or {@link #failed}; 0 on timeout or when a signal
   *     came; else -errno
   */
  public int poll(long timeoutNanos) {
    long time = 0;
    if (timeoutNanos >= 0) {
      timeout.set(ValueLayout.JAVA_LONG, 0, timeoutNanos / 1_000_000_000);
      timeout.set(ValueLayout.JAVA_LONG, 8, timeoutNanos % 1_000_000_000);
      time = timeout.address();
    }
    int ready = PacketCalls.ppoll(fds.address(), slots, time, 0);
    if (ready < 0) {
      // Stale answers of an earlier round must not be taken for new ones.
      for (int slot = 0; slot < slots; slot++) {
        fds.set(ValueLayout.JAVA_SHORT, (long) slot * SIZE + REVENTS, (short) 0);
      }
      return ready == -Errno.EINTR ? 0 : ready;
    }
    return ready;
  }

  /** Whether the last poll found the slot readable. */
  public boolean readable(int slot) {
    return (revents(slot) & LibC.POLLIN) != 0;
  }

  /** Whether the last poll found the slot {@link #readable} or {@link #failed}. */
  public boolean answered(int slot) {
    return revents(slot) != 0;
  }

  /** Whether the last poll found an error, a hang-up or a descriptor that is not open. */
  public boolean failed(int slot) {
    return (revents(slot) & (LibC.POLLERR | LibC.POLLHUP | LibC.POLLNVAL)) != 0;
  }

  private int revents(int slot) {
    return fds.get(ValueLayout.JAVA_SHORT, (long) slot * SIZE + REVENTS);
  }
}
