// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Receiver indices. An index is a slot number and a generation, scrambled by a keyed permutation of
 * the 32-bit numbers: unique and new for each handshake, random to look at, and turned back into
 * its slot without a search. Slots are used again oldest first.
 *
 * <p>The control thread writes; {@link #session} is for any thread and allocates nothing.
 */
final class IndexTable {
  private static final int SLOT_BITS = 22;
  private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
  private static final int ROUNDS = 4;
  private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(Session[].class);

  private final int[] roundKeys = new int[ROUNDS];
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private volatile @Nullable Session[] sessions = new Session[16];
  private @Nullable PeerControl[] owners = new PeerControl[16];

  /** What the slot's index is now, scrambled. */
  private int[] indices = new int[16];

  /** How often the slot was used. */
  private int[] generations = new int[16];

  private int used;

  IndexTable(RandomGenerator random) {
    for (int i = 0; i < ROUNDS; i++) {
      roundKeys[i] = random.nextInt();
    }
  }

  /** The session packets with this receiver index belong to, null if there is none. */
  @Nullable Session session(int index) {
    int slot = unscramble(index) & SLOT_MASK;
    @Nullable Session[] table = sessions;
    if (slot >= table.length) {
      return null;
    }
    Session session = (Session) ENTRY.getAcquire(table, slot);
    return session != null && session.localIndex() == index ? session : null;
  }

  /** Whose handshake or session the index is, null if nobody's. Control thread. */
  @Nullable PeerControl owner(int index) {
    int slot = unscramble(index) & SLOT_MASK;
    return slot < used && indices[slot] == index ? owners[slot] : null;
  }

  /** A new index for a handshake of this peer. */
  int take(PeerControl owner) {
    int slot;
    // Some slots stay unused for a while, so that an index does not come back soon.
    if (free.size() > used / 2 || used > SLOT_MASK) {
      slot = free.remove();
    } else {
      slot = used++;
      if (slot == owners.length) {
        grow();
      }
    }
    int index = scramble(generations[slot]++ << SLOT_BITS | slot);
    indices[slot] = index;
    owners[slot] = owner;
    return index;
  }

  /** The handshake is done: packets may come. */
  void publish(Session session) {
    ENTRY.setRelease(sessions, unscramble(session.localIndex()) & SLOT_MASK, session);
  }

  /** The index is nobody's any more. */
  void release(int index) {
    int slot = unscramble(index) & SLOT_MASK;
    if (slot < used && indices[slot] == index && owners[slot] != null) {
      ENTRY.setRelease(sessions, slot, null);
      owners[slot] = null;
      free.add(slot);
    }
  }

  private void grow() {
    int length = Math.min(2 * owners.length, SLOT_MASK + 1);
    owners = Arrays.copyOf(owners, length);
    indices = Arrays.copyOf(indices, length);
    generations = Arrays.copyOf(generations, length);
    // Readers of the old array only miss sessions that are not confirmed to anybody yet.
    sessions = Arrays.copyOf(sessions, length);
  }

  private int scramble(int value) {
    int left = value >>> 16;
    int right = value & 0xffff;
    for (int i = 0; i < ROUNDS; i++) {
      int next = left ^ round(right, roundKeys[i]);
      left = right;
      right = next;
    }
    return left << 16 | right;
  }

  private int unscramble(int value) {
    int left = value >>> 16;
    int right = value & 0xffff;
    for (int i = ROUNDS - 1; i >= 0; i--) {
      int previous = right ^ round(left, roundKeys[i]);
      right = left;
      left = previous;
    }
    return left << 16 | right;
  }

  private static int round(int half, int key) {
    int mixed = (half ^ key) * 0x9e3779b1;
    mixed = (mixed ^ mixed >>> 15 ^ key >>> 7) * 0x85ebca77;
    return (mixed ^ mixed >>> 13) >>> 16;
  }
}
