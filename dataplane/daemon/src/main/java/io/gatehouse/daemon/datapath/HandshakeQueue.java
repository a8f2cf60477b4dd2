// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.Endpoint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Handshake messages on their way from the receive thread to the control thread: a bounded ring for
 * one writer and one reader. When it is full the newest message is dropped; a flood costs the
 * receive thread a copy and nothing else.
 */
final class HandshakeQueue {
  /** The longest handshake message (an initiation), in octets. */
  static final int MAX_LENGTH = 148;

  private static final int CAPACITY = 1024;
  private static final VarHandle TAIL;
  private static final VarHandle HEAD;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TAIL = lookup.findVarHandle(HandshakeQueue.class, "tail", long.class);
      HEAD = lookup.findVarHandle(HandshakeQueue.class, "head", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final byte[][] messages = new byte[CAPACITY][MAX_LENGTH];
  private final int[] lengths = new int[CAPACITY];
  private final long[] endpoints = new long[CAPACITY * 6];
  private long tail;
  private long head;

  /** Where the next message is told from; see {@link Endpoint}. Receive thread. */
  boolean offer(
      MemorySegment memory,
      long offset,
      int length,
      long addressHigh,
      long addressLow,
      int port,
      int scopeId,
      long sourceHigh,
      long sourceLow,
      int sourceIfIndex) {
    if (tail - (long) HEAD.getAcquire(this) == CAPACITY) {
      return false;
    }
    int slot = (int) (tail & (CAPACITY - 1));
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, messages[slot], 0, length);
    lengths[slot] = length;
    int at = slot * 6;
    endpoints[at] = addressHigh;
    endpoints[at + 1] = addressLow;
    endpoints[at + 2] = (long) port << 32 | scopeId & 0xffff_ffffL;
    endpoints[at + 3] = sourceHigh;
    endpoints[at + 4] = sourceLow;
    endpoints[at + 5] = sourceIfIndex;
    TAIL.setRelease(this, tail + 1);
    return true;
  }

  /** Messages waiting. Control thread. */
  int size() {
    return (int) ((long) TAIL.getAcquire(this) - head);
  }

  /** Whether so many wait that senders must prove their address first (paper, section 5.3). */
  boolean isUnderLoad() {
    return size() > CAPACITY / 8;
  }

  /** The oldest message; its array is valid until {@link #remove}. Control thread, not empty. */
  byte[] message() {
    return messages[(int) (head & (CAPACITY - 1))];
  }

  /** Octets of the oldest message. Control thread, not empty. */
  int length() {
    return lengths[(int) (head & (CAPACITY - 1))];
  }

  /** Where the oldest message came from. Control thread, not empty. */
  Endpoint from() {
    int at = (int) (head & (CAPACITY - 1)) * 6;
    return new Endpoint(
        endpoints[at],
        endpoints[at + 1],
        (int) (endpoints[at + 2] >>> 32),
        (int) endpoints[at + 2],
        endpoints[at + 3],
        endpoints[at + 4],
        (int) endpoints[at + 5]);
  }

  /** Frees the oldest message's place. Control thread, not empty. */
  void remove() {
    HEAD.setRelease(this, head + 1);
  }
}
