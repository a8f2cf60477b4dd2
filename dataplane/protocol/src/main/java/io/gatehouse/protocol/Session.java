// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.gatehouse.protocol.aead.Aead;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A pair of transport keys with their counters (paper, 5.4.6).
 *
 * <p>{@link #seal} belongs to the transmit thread, {@link #open} to the receive thread. Neither
 * allocates nor locks. The control thread may end a session while a packet thread uses it: it first
 * marks the session, then zeroes the keys. Both methods look at the mark <em>after</em> they used a
 * key, so what was made with a zeroed (or already re-used) key never leaves; a packet thread need
 * not report quiescence.
 */
public final class Session {
  /** Octets of the transport header: type, receiver index, counter. */
  public static final int HEADER_LENGTH = 16;

  /** Octets that a transport message has beside its plaintext. */
  public static final int OVERHEAD = HEADER_LENGTH + Aead.TAG_LENGTH;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final VarHandle SEND_COUNTER;

  static {
    try {
      SEND_COUNTER = MethodHandles.lookup().findVarHandle(Session.class, "sendCounter", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Peer peer;
  private final int localIndex;
  private final int remoteIndex;
  private final boolean initiator;
  private final long born;
  private final MemorySegment sendKey;
  private final MemorySegment receiveKey;
  private final ReplayWindow window = new ReplayWindow();

  /** Next counter to send; written by the transmit thread, read by the control thread. */
  private long sendCounter;

  private volatile boolean ended;

  /** Receive thread: whether a packet under these keys has come in. */
  private boolean heard;

  /** Receive thread: whether the rekey of the last minute was asked for. */
  private boolean lastMinuteAsked;

  Session(
      Peer peer,
      int localIndex,
      int remoteIndex,
      boolean initiator,
      MemorySegment sendKey,
      MemorySegment receiveKey,
      long born) {
    this.peer = peer;
    this.localIndex = localIndex;
    this.remoteIndex = remoteIndex;
    this.initiator = initiator;
    this.sendKey = sendKey;
    this.receiveKey = receiveKey;
    this.born = born;
  }

  /** The receiver index that packets to us carry. */
  public int localIndex() {
    return localIndex;
  }

  /** The receiver index that packets to the peer carry. */
  public int remoteIndex() {
    return remoteIndex;
  }

  /** Whose session it is. */
  public Peer peer() {
    return peer;
  }

  /**
   * Transmit thread: writes the transport header and seals in place. The counter is spent whatever
   * happens afterwards.
   *
   * @param aead the transmit thread's own engine
   * @param packet native segment; {@code [offset, offset + plaintextLength + 32)} must lie inside
   * @param offset where the datagram starts; the plaintext stands at {@code offset + 16}, already
   *     padded with zeros to a multiple of 16 where the MTU allows
   * @param plaintextLength octets with the padding; 0 is a keepalive
   * @return octets of the whole datagram, or the negative code of {@link
   *     DropReason#KEYPAIR_EXPIRED} when the session has ended: then the octets must not be sent
   */
  public int seal(Aead aead, MemorySegment packet, long offset, int plaintextLength) {
    long counter = sendCounter;
    if (Long.compareUnsigned(counter, Limits.REJECT_AFTER_MESSAGES) >= 0) {
      return DropReason.KEYPAIR_EXPIRED.code();
    }
    SEND_COUNTER.setOpaque(this, counter + 1);
    packet.set(INT, offset, Messages.DATA);
    packet.set(INT, offset + 4, remoteIndex);
    packet.set(LONG, offset + 8, counter);
    aead.seal(sendKey, counter, packet, offset + HEADER_LENGTH, plaintextLength);
    VarHandle.acquireFence();
    return ended ? DropReason.KEYPAIR_EXPIRED.code() : OVERHEAD + plaintextLength;
  }

  /**
   * Receive thread: verifies and decrypts in place, then checks the replay window, so that only
   * authenticated counters move it.
   *
   * @param aead the receive thread's own engine
   * @param packet native segment; {@code [offset, offset + length)} must lie inside
   * @param offset where the datagram starts; its type and receiver index have been looked at
   * @param length octets of the whole datagram
   * @param now monotonic, ns
   * @return octets of plaintext at {@code offset + 16}, padding included (0 is a keepalive), or the
   *     negative code of a {@link DropReason}
   */
  public int open(Aead aead, MemorySegment packet, long offset, int length, long now) {
    if (length < OVERHEAD) {
      return DropReason.MALFORMED.code();
    }
    long counter = packet.get(LONG, offset + 8);
    if (now - born >= Limits.REJECT_AFTER_TIME
        || Long.compareUnsigned(counter, Limits.REJECT_AFTER_MESSAGES) >= 0) {
      return DropReason.KEYPAIR_EXPIRED.code();
    }
    boolean right =
        aead.open(receiveKey, counter, packet, offset + HEADER_LENGTH, length - HEADER_LENGTH);
    VarHandle.acquireFence();
    if (ended) {
      return DropReason.KEYPAIR_EXPIRED.code();
    }
    if (!right) {
      return DropReason.AUTH_FAILED.code();
    }
    return window.accept(counter) ? length - OVERHEAD : DropReason.REPLAYED.code();
  }

  boolean initiator() {
    return initiator;
  }

  long born() {
    return born;
  }

  /** Whether packets can still be sent under it. */
  boolean usable(long now) {
    return now - born < Limits.REJECT_AFTER_TIME
        && Long.compareUnsigned((long) SEND_COUNTER.getOpaque(this), Limits.REJECT_AFTER_MESSAGES)
            < 0
        && !ended;
  }

  /** Whether a packet sent now asks for new keys (paper, 6.2). */
  boolean stale(long now) {
    return Long.compareUnsigned((long) SEND_COUNTER.getOpaque(this), Limits.REKEY_AFTER_MESSAGES)
            > 0
        || initiator && now - born >= Limits.REKEY_AFTER_TIME;
  }

  /** Receive thread: true for the first packet under these keys. */
  boolean firstHeard() {
    if (heard) {
      return false;
    }
    heard = true;
    return true;
  }

  /** Receive thread: true once, when an initiator still hears the peer in the last seconds. */
  boolean lastMinute(long now) {
    if (!initiator || lastMinuteAsked || now - born < Limits.REKEY_ON_RECEIVE) {
      return false;
    }
    lastMinuteAsked = true;
    return true;
  }

  /** Control thread: marks the session as over, then zeroes its keys. Once. */
  void end(KeySlots slots) {
    ended = true;
    VarHandle.fullFence();
    slots.giveBack(sendKey);
    slots.giveBack(receiveKey);
  }

  /** For tests of the limits: pretends that so many packets were sent. */
  void sendCounter(long counter) {
    SEND_COUNTER.setOpaque(this, counter);
  }
}
