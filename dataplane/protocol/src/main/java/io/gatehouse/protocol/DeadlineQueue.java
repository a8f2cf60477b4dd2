// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of all peers, soonest first: a binary heap in which each entry knows its place, so
 * that moving one of many thousands is cheap. Monotonic times, compared by subtraction.
 */
final class DeadlineQueue {
  private @Nullable PeerControl[] heap = new PeerControl[16];
  private int size;

  /** The deadline of the soonest, {@link Peer#NEVER} when empty. */
  long soonest() {
    PeerControl first = heap[0];
    return first == null ? Peer.NEVER : first.deadline;
  }

  /** Who is due; null when nobody is. Stays in the queue until set again. */
  @Nullable PeerControl due(long now) {
    PeerControl first = heap[0];
    return first != null && first.deadline - now <= 0 ? first : null;
  }

  /** Sets, moves or (with {@link Peer#NEVER}) takes away a deadline. */
  void set(PeerControl peer, long deadline) {
    if (peer.deadlineSlot < 0) {
      if (deadline == Peer.NEVER) {
        return;
      }
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      peer.deadline = deadline;
      place(peer, size++);
      up(peer);
    } else if (deadline == Peer.NEVER) {
      int slot = peer.deadlineSlot;
      peer.deadlineSlot = -1;
      PeerControl last = at(--size);
      heap[size] = null;
      if (last != peer) {
        place(last, slot);
        up(last);
        down(last);
      }
    } else {
      peer.deadline = deadline;
      up(peer);
      down(peer);
    }
  }

  private void up(PeerControl peer) {
    int slot = peer.deadlineSlot;
    while (slot > 0) {
      PeerControl parent = at((slot - 1) / 2);
      if (parent.deadline - peer.deadline <= 0) {
        break;
      }
      place(parent, slot);
      slot = (slot - 1) / 2;
    }
    place(peer, slot);
  }

  private void down(PeerControl peer) {
    int slot = peer.deadlineSlot;
    while (2 * slot + 1 < size) {
      int child = 2 * slot + 1;
      if (child + 1 < size && at(child + 1).deadline - at(child).deadline < 0) {
        child++;
      }
      if (peer.deadline - at(child).deadline <= 0) {
        break;
      }
      place(at(child), slot);
      slot = child;
    }
    place(peer, slot);
  }

  private void place(PeerControl peer, int slot) {
    heap[slot] = peer;
    peer.deadlineSlot = slot;
  }

  private PeerControl at(int slot) {
    PeerControl peer = heap[slot];
    assert peer != null : "slots below size are filled";
    return peer;
  }
}
