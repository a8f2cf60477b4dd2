// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.TextPart;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A pair of transport keys with their counters (paper, 5.4.6).
 *
 * <p>Any number of threads may {@link #seal} and {@link #open} at a time; neither allocates nor
 * locks. Who sends packets in an order reserves their counters in that order. The control thread
 * may end a session while a packet thread uses it: it first marks the session, then zeroes the
 * keys. Both methods look at the mark <em>after</em> they used a key, so what was made with a
 * zeroed (or already re-used) key never leaves; a packet thread need not report quiescence.
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

  /** What {@link #reserve} gives when the counters are used up; no packet ever has it. */
  public static final long NO_COUNTER = -1;

  private static final VarHandle SEND_COUNTER;
  private static final VarHandle HEARD;
  private static final VarHandle LAST_MINUTE_ASKED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      SEND_COUNTER = lookup.findVarHandle(Session.class, "sendCounter", long.class);
      HEARD = lookup.findVarHandle(Session.class, "heard", boolean.class);
      LAST_MINUTE_ASKED = lookup.findVarHandle(Session.class, "lastMinuteAsked", boolean.class);
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

  /** Next counter to send. */
  private long sendCounter;

  private volatile boolean ended;

  /** Whether a packet under these keys has come in. */
  private volatile boolean heard;

  /** Whether the rekey of the last minute was asked for. */
  private volatile boolean lastMinuteAsked;

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
   * Sets counters aside for packets to be sealed, in one step for all of them. They are spent
   * whatever happens afterwards.
   *
   * @param packets how many, at least 1
   * @return the first of them, the others follow; {@link #NO_COUNTER} when there are not so many
   *     left
   */
  public long reserve(int packets) {
    long first = sendCounter;
    while (Long.compareUnsigned(first, Limits.REJECT_AFTER_MESSAGES - packets) <= 0) {
      long seen = (long) SEND_COUNTER.compareAndExchange(this, first, first + packets);
      if (seen == first) {
        return first;
      }
      first = seen;
    }
    return NO_COUNTER;
  }

  /**
   * Writes the transport header and seals in place, under the next counter.
   *
   * @see #seal(Aead, MemorySegment, long, int, long)
   */
  public int seal(Aead aead, MemorySegment packet, long offset, int plaintextLength) {
    long counter = reserve(1);
    return counter == NO_COUNTER
        ? DropReason.KEYPAIR_EXPIRED.code()
        : seal(aead, packet, offset, plaintextLength, counter);
  }

  /**
   * Writes the transport header and seals in place.
   *
   * @param aead the calling thread's own engine
   * @param packet native segment; {@code [offset, offset + plaintextLength + 32)} must lie inside
   * @param offset where the datagram starts; the plaintext stands at {@code offset + 16}, already
   *     padded with zeros to a multiple of 16 where the MTU allows
   * @param plaintextLength octets with the padding; 0 is a keepalive
   * @param counter one that {@link #reserve} gave, for this packet alone
   * @return octets of the whole datagram, or the negative code of {@link
   *     DropReason#KEYPAIR_EXPIRED} when the session has ended: then the octets must not be sent
   */
  public int seal(Aead aead, MemorySegment packet, long offset, int plaintextLength, long counter) {
    writeHeader(packet, offset, counter);
    aead.seal(sendKey, counter, packet, offset + HEADER_LENGTH, plaintextLength);
    return sealed(plaintextLength);
  }

  /**
   * The same for a plaintext of which a part lies elsewhere.
   *
   * @see #seal(Aead, MemorySegment, long, int, long)
   */
  public int seal(
      Aead aead,
      MemorySegment packet,
      long offset,
      int plaintextLength,
      long counter,
      TextPart part) {
    writeHeader(packet, offset, counter);
    aead.seal(sendKey, counter, packet, offset + HEADER_LENGTH, plaintextLength, part);
    return sealed(plaintextLength);
  }

  private void writeHeader(MemorySegment packet, long offset, long counter) {
    packet.set(INT, offset, Messages.DATA);
    packet.set(INT, offset + 4, remoteIndex);
    packet.set(LONG, offset + 8, counter);
  }

  private int sealed(int plaintextLength) {
    VarHandle.acquireFence();
    return ended ? DropReason.KEYPAIR_EXPIRED.code() : OVERHEAD + plaintextLength;
  }

  /**
   * Verifies and decrypts in place, then checks the replay window, so that only authenticated
   * counters move it.
   *
   * @see #decrypt
   * @see #accept
   */
  public int open(Aead aead, MemorySegment packet, long offset, int length, long now) {
    int plaintext = decrypt(aead, packet, offset, length, now);
    return plaintext < 0 || accept(packet, offset) ? plaintext : DropReason.REPLAYED.code();
  }

  /**
   * Verifies and decrypts in place. What comes out must pass {@link #accept}, too.
   *
   * @param aead the calling thread's own engine
   * @param packet native segment; {@code [offset, offset + length)} must lie inside
   * @param offset where the datagram starts; its type and receiver index have been looked at
   * @param length octets of the whole datagram
   * @param now monotonic, ns
   * @return octets of plaintext at {@code offset + 16}, padding included (0 is a keepalive), or the
   *     negative code of a {@link DropReason}
   */
  public int decrypt(Aead aead, MemorySegment packet, long offset, int length, long now) {
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
    return right ? length - OVERHEAD : DropReason.AUTH_FAILED.code();
  }

  /**
   * Whether a datagram that {@link #decrypt} found right is new: true once for each counter.
   *
   * @param packet where the datagram is
   * @param offset where its header starts, which is as it came
   */
  public boolean accept(MemorySegment packet, long offset) {
    return window.accept(packet.get(LONG, offset + 8));
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

  /** True for the first packet under these keys. */
  boolean firstHeard() {
    return !heard && HEARD.compareAndSet(this, false, true);
  }

  /** Whether a packet under these keys has come in. */
  boolean isHeard() {
    return heard;
  }

  /** True once, when an initiator still hears the peer in the last seconds. */
  boolean lastMinute(long now) {
    return initiator
        && !lastMinuteAsked
        && now - born >= Limits.REKEY_ON_RECEIVE
        && LAST_MINUTE_ASKED.compareAndSet(this, false, true);
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
