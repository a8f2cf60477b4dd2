// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static java.util.Objects.requireNonNull;

import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Messages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

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

  /**
   * Messages in each lane, as many as the kernel keeps: when ten thousand peers come back at once,
   * whoever finds no room waits five seconds.
   */
  static final int CAPACITY = 4096;

  /** More waiting than this is load: some 30 ms of Diffie-Hellman. */
  static final int LOAD = 128;

  private static final int MAC = 16;

  private final Lane withMac2 = new Lane();
  private final Lane withoutMac2 = new Lane();

  /** The lane of the message that was taken last. */
  private Lane serving = withoutMac2;

  /** Where in that lane it is. */
  private int taken;

  /** What it is. */
  private Message message = new Message();

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
    Message into = lane.messages[slot];
    if (into == null) {
      // Made when first needed: few tunnels ever see so many at once.
      into = new Message();
      lane.messages[slot] = into;
    }
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, into.octets, 0, length);
    into.length = length;
    into.addressHigh = addressHigh;
    into.addressLow = addressLow;
    into.port = port;
    into.scopeId = scopeId;
    into.sourceHigh = sourceHigh;
    into.sourceLow = sourceLow;
    into.sourceIfIndex = sourceIfIndex;
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
    return waiting() > LOAD;
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
    if (taken < 0) {
      return false;
    }
    message = requireNonNull(serving.messages[taken]);
    return true;
  }

  /** Whether the message taken up carries a MAC2. Control thread. */
  boolean hasMac2() {
    return serving == withMac2;
  }

  /** The message taken up; its array is valid until {@link #remove}. Control thread. */
  byte[] message() {
    return message.octets;
  }

  /** Octets of the message taken up. Control thread. */
  int length() {
    return message.length;
  }

  /** Where the message taken up came from. Control thread. */
  Endpoint from() {
    return new Endpoint(
        message.addressHigh,
        message.addressLow,
        message.port,
        message.scopeId,
        message.sourceHigh,
        message.sourceLow,
        message.sourceIfIndex);
  }

  /** Frees the place of the message taken up. Control thread. */
  void remove() {
    serving.slots.free(taken);
  }

  private static final class Lane {
    final SlotRing slots = new SlotRing(CAPACITY);
    final @Nullable Message[] messages = new Message[CAPACITY];
  }

  private static final class Message {
    final byte[] octets = new byte[MAX_LENGTH];
    int length;
    long addressHigh;
    long addressLow;
    int port;
    int scopeId;
    long sourceHigh;
    long sourceLow;
    int sourceIfIndex;
  }
}
