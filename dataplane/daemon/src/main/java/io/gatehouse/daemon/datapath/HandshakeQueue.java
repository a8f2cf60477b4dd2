// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Messages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Handshake messages on their way from the receive threads to the control thread: bounded, for any
 * number of writers and one reader. When it is full the newest message is dropped; a flood costs a
 * receive thread a copy at most and nothing else.
 *
 * <p>There are two lanes, served in turn: one for messages that carry a MAC2 (and cookie replies),
 * one for those without. A flood from forged addresses has no cookie and fills the second lane
 * alone; one with made-up MAC2s fills the first alone. So only one of the two messages by which a
 * newcomer gets in has to be lucky.
 */
final class HandshakeQueue {
  /** The longest handshake message (an initiation), in octets. */
  static final int MAX_LENGTH = Messages.INITIATION_LENGTH;

  /** Messages in each lane. */
  static final int CAPACITY = 512;

  private static final int MAC = 16;

  private final Lane withMac2 = new Lane();
  private final Lane withoutMac2 = new Lane();

  /** The lane of the message that was taken last. */
  private Lane serving = withoutMac2;

  /** Where in that lane it is. */
  private int taken;

  /**
   * Where the next message is told from; see {@link Endpoint}. Receive thread.
   *
   * @param length octets, at most {@link #MAX_LENGTH}
   * @return false when its lane is full
   */
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
    Lane lane = hasMac2(memory, offset, length) ? withMac2 : withoutMac2;
    int slot = lane.slots.claim();
    if (slot < 0) {
      return false;
    }
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, lane.messages[slot], 0, length);
    lane.lengths[slot] = length;
    int at = slot * Lane.WORDS;
    lane.endpoints[at] = addressHigh;
    lane.endpoints[at + 1] = addressLow;
    lane.endpoints[at + 2] = (long) port << 32 | scopeId & 0xffff_ffffL;
    lane.endpoints[at + 3] = sourceHigh;
    lane.endpoints[at + 4] = sourceLow;
    lane.endpoints[at + 5] = sourceIfIndex;
    lane.slots.fill(slot);
    return true;
  }

  /** A cookie reply ends in its tag, which is not zero either. */
  private static boolean hasMac2(MemorySegment memory, long offset, int length) {
    long at = offset + length - MAC;
    return (memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at)
            | memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 8))
        != 0;
  }

  /** Whether no message waits. Control thread. */
  boolean isEmpty() {
    return waiting() == 0;
  }

  /** Whether so many wait that senders must prove their address first (paper, section 5.3). */
  boolean isUnderLoad() {
    return waiting() > 2 * CAPACITY / 8;
  }

  private int waiting() {
    return withMac2.slots.size() + withoutMac2.slots.size();
  }

  /**
   * Takes up the next message, the other lane's if one waits there; the one before must have been
   * {@linkplain #remove removed}. Control thread.
   *
   * @param alsoWithoutMac2 whether the lane of messages without MAC2 is served as well
   * @return false when none waits
   */
  boolean take(boolean alsoWithoutMac2) {
    Lane same = serving;
    serving = same == withMac2 && alsoWithoutMac2 ? withoutMac2 : withMac2;
    taken = serving.slots.take();
    if (taken < 0 && alsoWithoutMac2) {
      serving = same;
      taken = serving.slots.take();
    }
    return taken >= 0;
  }

  /** Whether the message taken up carries a MAC2. Control thread. */
  boolean hasMac2() {
    return serving == withMac2;
  }

  /** The message taken up; its array is valid until {@link #remove}. Control thread. */
  byte[] message() {
    return serving.messages[taken];
  }

  /** Octets of the message taken up. Control thread. */
  int length() {
    return serving.lengths[taken];
  }

  /** Where the message taken up came from. Control thread. */
  Endpoint from() {
    long[] words = serving.endpoints;
    int at = taken * Lane.WORDS;
    return new Endpoint(
        words[at],
        words[at + 1],
        (int) (words[at + 2] >>> 32),
        (int) words[at + 2],
        words[at + 3],
        words[at + 4],
        (int) words[at + 5]);
  }

  /** Frees the place of the message taken up. Control thread. */
  void remove() {
    serving.slots.free(taken);
  }

  private static final class Lane {
    static final int WORDS = 6;

    final SlotRing slots = new SlotRing(CAPACITY);
    final byte[][] messages = new byte[CAPACITY][MAX_LENGTH];
    final int[] lengths = new int[CAPACITY];
    final long[] endpoints = new long[CAPACITY * WORDS];
  }
}
