// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.wgquick.PublicKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The packet threads' half of a peer: which session to send with, where to, and the stamps from
 * which the control thread works out its timers.
 *
 * <p>Any number of transmit and of receive threads may call. A packet thread never sets a timer; it
 * stores when something happened, and wakes the control thread only if that is asleep beyond the
 * deadline that follows. Methods return {@code null} where a record would have to be made per
 * packet.
 */
public final class Peer {
  /** No deadline; also "never" for a stamp. */
  static final long NEVER = Long.MIN_VALUE;

  // Slots of the transmit threads' and of the receive threads' own array. The arrays are longer
  // than needed so that the two kinds do not write to one cache line.
  private static final int BYTES = 0;
  private static final int PACKETS = 1;
  private static final int LAST_ANY = 2;
  private static final int TIMER_START = 3;
  private static final int LAST_DATA = 4;
  private static final int SLOTS = 16;

  /** What all peers share that never had a session; never written. */
  private static final AtomicLongArray NOTHING = stamps();

  private static final AtomicIntegerFieldUpdater<Peer> ENDPOINT_CHANGES =
      AtomicIntegerFieldUpdater.newUpdater(Peer.class, "endpointChanges");

  private static final AtomicReferenceFieldUpdater<Peer, @Nullable Endpoint> ENDPOINT =
      AtomicReferenceFieldUpdater.newUpdater(Peer.class, Endpoint.class, "endpoint");

  private static final AtomicReferenceFieldUpdater<Peer, @Nullable DropTally> DROPS =
      AtomicReferenceFieldUpdater.newUpdater(Peer.class, DropTally.class, "drops");

  private static final VarHandle KEEPALIVE_REQUESTED;
  private static final VarHandle ATTENTION;

  static {
    try {
      KEEPALIVE_REQUESTED =
          MethodHandles.lookup().findVarHandle(Peer.class, "keepaliveRequested", boolean.class);
      ATTENTION = MethodHandles.lookup().findVarHandle(Peer.class, "attention", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final PublicKey publicKey;
  private final PeerControl control;

  // Of its own from the first session on, before any packet thread can have one to write with.
  private AtomicLongArray sent = NOTHING;
  private AtomicLongArray received = NOTHING;

  /** Set by a packet thread that woke the control thread, cleared when that looks. */
  private volatile boolean attention;

  private volatile @Nullable Endpoint endpoint;
  private volatile @Nullable Session current;
  private volatile boolean removed;
  private volatile boolean handshakeWanted;
  private volatile boolean keepaliveRequested;
  private volatile int dropStagedRequests;

  // Written by the control thread, read by the packet threads.
  private volatile boolean handshaking;
  private volatile long armed = NEVER;
  private volatile long controlSent = NEVER;
  private volatile long controlReceived = NEVER;
  private volatile long handledSendTimer = NEVER;
  private volatile long handledReceiveTimer = NEVER;
  private volatile int endpointChanges;

  /** Made at the first drop, since most peers never have one. */
  private volatile @Nullable DropTally drops;

  Peer(PublicKey publicKey, PeerControl control) {
    this.publicKey = publicKey;
    this.control = control;
  }

  private static AtomicLongArray stamps() {
    long[] slots = new long[SLOTS];
    slots[LAST_ANY] = NEVER;
    slots[TIMER_START] = NEVER;
    slots[LAST_DATA] = NEVER;
    return new AtomicLongArray(slots);
  }

  /** Who it is. Any thread. */
  public PublicKey publicKey() {
    return publicKey;
  }

  // ---- transmit thread

  /**
   * The session to send with. Any thread, meant for the transmit thread.
   *
   * @return null when there is none, or it is 180 s old, or its counters are used up: stage the
   *     packet and call {@link #requestHandshake}
   */
  public @Nullable Session sendingSession(long now) {
    Session session = current;
    Session heard = control.confirmed();
    if (heard != null
        && heard != session
        && (session == null || heard.born() - session.born() > 0)
        && heard.usable(now)) {
      // An answer to the first packet under new keys is here before the control thread has made
      // them the current ones; the old ones the initiator may no longer have.
      return heard;
    }
    return session != null && session.usable(now) ? session : null;
  }

  /**
   * Transmit thread: a packet waits for a session. Call it for each packet staged: new packets
   * renew the 90 s during which handshakes are tried.
   *
   * @return whether the control thread has to be woken to run {@link Device#service}
   */
  public boolean requestHandshake() {
    if (removed) {
      return false;
    }
    if (!handshakeWanted) {
      handshakeWanted = true;
    }
    // While an initiation waits for its answer the retry timer is armed and will see the wish.
    return !handshaking && callAttention();
  }

  /**
   * Transmit thread: packets of one session were handed to the socket.
   *
   * @param session what they were sealed with
   * @param packets how many
   * @param bytes UDP payload octets of all
   * @param anyPayload whether one of them was no keepalive
   * @param now monotonic, ns
   * @return whether the control thread has to be woken to run {@link Device#service}
   */
  public boolean dataSent(Session session, int packets, long bytes, boolean anyPayload, long now) {
    sent.getAndAdd(PACKETS, packets);
    sent.getAndAdd(BYTES, bytes);
    stamp(sent, LAST_ANY, now);
    boolean wake = false;
    if (anyPayload) {
      stamp(sent, LAST_DATA, now);
      if (!sendTimerPending()) {
        // Volatile, then the read of armed: the control thread writes armed, then reads this.
        sent.set(TIMER_START, now);
        wake = asleepBeyond(now + Limits.NEW_HANDSHAKE_TIMEOUT);
      }
    }
    if (session.stale(now) && !handshaking) {
      handshakeWanted = true;
      wake = true;
    }
    return wake && callAttention();
  }

  /** Any thread: whether a keepalive is asked for. */
  public boolean isKeepaliveRequested() {
    return keepaliveRequested;
  }

  /**
   * Transmit thread: whether a keepalive (an empty packet) is asked for; asked once. Not needed if
   * staged packets have just gone out.
   */
  public boolean takeKeepaliveRequest() {
    return keepaliveRequested && KEEPALIVE_REQUESTED.compareAndSet(this, true, false);
  }

  /**
   * How often it was asked that all staged packets be dropped. Each transmit thread drops what it
   * began to stage when this was another number.
   */
  public int dropStagedRequests() {
    return dropStagedRequests;
  }

  /**
   * Sending from the source of this endpoint failed (EINVAL, ENETUNREACH): the system chooses from
   * now on. Any thread.
   *
   * @param used the endpoint that was used; one learnt since then stays
   * @return what to use now, null if the endpoint went away
   */
  public @Nullable Endpoint forgetSource(Endpoint used) {
    ENDPOINT.compareAndSet(this, used, used.withoutSource());
    return endpoint;
  }

  // ---- receive thread

  /**
   * Receive thread: packets of one session passed {@link Session#open}. To be called before their
   * inner source is checked.
   *
   * @param session what opened them
   * @param packets how many
   * @param bytes UDP payload octets of all
   * @param anyPayload whether one of them was no keepalive
   * @param now monotonic, ns
   * @return whether the control thread has to be woken to run {@link Device#service}
   */
  public boolean dataReceived(
      Session session, int packets, long bytes, boolean anyPayload, long now) {
    received.getAndAdd(PACKETS, packets);
    received.getAndAdd(BYTES, bytes);
    stamp(received, LAST_ANY, now);
    boolean wake = !session.initiator() && session.firstHeard();
    if (anyPayload) {
      stamp(received, LAST_DATA, now);
      if (!receiveTimerPending()) {
        received.set(TIMER_START, now);
        wake |= asleepBeyond(now + Limits.KEEPALIVE_TIMEOUT);
      }
    }
    if (session == current && session.lastMinute(now)) {
      handshakeWanted = true;
      wake = true;
    }
    return wake && callAttention();
  }

  /** Where to send to; null while not known. Any thread. */
  public @Nullable Endpoint endpoint() {
    return endpoint;
  }

  /**
   * Receive thread: an authenticated packet came from there. Allocates only when it differs from
   * what is known.
   *
   * @see Endpoint
   */
  public void roam(
      long addressHigh,
      long addressLow,
      int port,
      int scopeId,
      long sourceHigh,
      long sourceLow,
      int sourceIfIndex) {
    Endpoint known = endpoint;
    if (known == null
        || known.addressLow() != addressLow
        || known.addressHigh() != addressHigh
        || known.port() != port
        || known.scopeId() != scopeId
        || known.sourceLow() != sourceLow
        || known.sourceHigh() != sourceHigh
        || known.sourceIfIndex() != sourceIfIndex) {
      roam(
          new Endpoint(
              addressHigh, addressLow, port, scopeId, sourceHigh, sourceLow, sourceIfIndex));
    }
  }

  /** An authenticated message came from there. */
  public void roam(Endpoint to) {
    Endpoint known = endpoint;
    if (to.equals(known)) {
      return;
    }
    if (known == null
        || known.addressLow() != to.addressLow()
        || known.addressHigh() != to.addressHigh()
        || known.port() != to.port()) {
      ENDPOINT_CHANGES.getAndIncrement(this);
    }
    endpoint = to;
  }

  // ---- any thread

  /**
   * Counts packets or handshake messages of this peer that went no further. Each is counted once:
   * here where the peer is known, else by {@link Device#drop}; totals are sums. Any thread; no
   * allocation after the peer's first drop.
   */
  public void drop(DropReason reason, long count) {
    DropTally tally = drops;
    if (tally == null) {
      DropTally made = new DropTally();
      tally = DROPS.compareAndSet(this, null, made) ? made : Objects.requireNonNull(drops);
    }
    tally.add(reason, count);
    if (removed) {
      // The sum over a device must not fall when a peer goes: its counts go on there.
      tally.moveTo(control.deviceDrops(), reason);
    }
  }

  /** How many were dropped for this reason. Any thread. */
  public long drops(DropReason reason) {
    DropTally tally = drops;
    return tally == null ? 0 : tally.get(reason);
  }

  /** How many were dropped, without the reasons that never occurred. Any thread. */
  public Map<DropReason, Long> drops() {
    DropTally tally = drops;
    return tally == null ? Map.of() : tally.toMap();
  }

  /** Whether the peer was taken away; packets still staged for it are to be dropped. */
  public boolean isRemoved() {
    return removed;
  }

  /** UDP payload octets received and authenticated, handshakes included. */
  public long rxBytes() {
    return control.before().rxBytes() + received.getOpaque(BYTES) + control.handshakeRxBytes();
  }

  /** UDP payload octets sent, handshakes included. */
  public long txBytes() {
    return control.before().txBytes() + sent.getOpaque(BYTES) + control.handshakeTxBytes();
  }

  /** Transport packets received and authenticated, keepalives included. */
  public long rxPackets() {
    return control.before().rxPackets() + received.getOpaque(PACKETS);
  }

  /** Transport packets sent, keepalives included. */
  public long txPackets() {
    return control.before().txPackets() + sent.getOpaque(PACKETS);
  }

  /** Handshakes completed. */
  public long handshakes() {
    return control.before().handshakes() + control.handshakes();
  }

  /** Times that handshakes were given up after 90 s. */
  public long handshakeFailures() {
    return control.before().handshakeFailures() + control.handshakeFailures();
  }

  /** Times that the remote address or port became another. */
  public long endpointChanges() {
    return control.before().endpointChanges() + Integer.toUnsignedLong(endpointChanges);
  }

  /** The public key: a peer has no other name here. */
  @Override
  public String toString() {
    return publicKey.toString();
  }

  // ---- stamps, read by the control thread and by their writers

  /** A thread that was held up does not put back what a later one wrote, or only by a moment. */
  private static void stamp(AtomicLongArray stamps, int slot, long now) {
    long before = stamps.getOpaque(slot);
    if (before == NEVER || now - before > 0) {
      stamps.setRelease(slot, now);
    }
  }

  /** Whether data was sent since which nothing authentic was heard. */
  private boolean sendTimerPending() {
    long start = sent.getOpaque(TIMER_START);
    return start != NEVER && start != handledSendTimer && !isAtOrAfter(lastReceived(), start);
  }

  /** Whether data was received since which nothing was sent. */
  private boolean receiveTimerPending() {
    long start = received.getOpaque(TIMER_START);
    return start != NEVER && start != handledReceiveTimer && !isAtOrAfter(lastSent(), start);
  }

  private static boolean isAtOrAfter(long stamp, long start) {
    return stamp != NEVER && stamp - start >= 0;
  }

  private static long later(long a, long b) {
    return a == NEVER ? b : b == NEVER || a - b >= 0 ? a : b;
  }

  private boolean asleepBeyond(long deadline) {
    long until = armed;
    return until == NEVER || until - deadline > 0;
  }

  private boolean callAttention() {
    return !attention && ATTENTION.compareAndSet(this, false, true);
  }

  // ---- control thread

  PeerControl control() {
    return control;
  }

  /** Start of the run of unanswered data, or {@link #NEVER}. */
  long unansweredSince() {
    return sendTimerPending() ? sent.get(TIMER_START) : NEVER;
  }

  void unansweredHandled(long start) {
    handledSendTimer = start;
  }

  /** When data came in that nothing was sent after, or {@link #NEVER}. */
  long keepaliveOwedSince() {
    return receiveTimerPending() ? received.get(TIMER_START) : NEVER;
  }

  void keepaliveHandled(long start) {
    handledReceiveTimer = start;
  }

  long lastSent() {
    return later(sent.getAcquire(LAST_ANY), controlSent);
  }

  long lastReceived() {
    return later(received.getAcquire(LAST_ANY), controlReceived);
  }

  long lastDataReceived() {
    return received.getAcquire(LAST_DATA);
  }

  void controlSent(long now) {
    controlSent = now;
  }

  void controlReceived(long now) {
    controlReceived = now;
  }

  void armed(long deadline) {
    armed = deadline;
  }

  /** There is about to be a session: from now on packets can be counted. */
  void hasSession() {
    if (sent.equals(NOTHING)) {
      sent = stamps();
      received = stamps();
    }
  }

  @Nullable Session current() {
    return current;
  }

  void current(@Nullable Session session) {
    current = session;
  }

  /** An endpoint that the administrator gave. */
  void configured(Endpoint to) {
    endpoint = to.withoutSource();
  }

  void forgetSource() {
    Endpoint known = endpoint;
    if (known != null) {
      forgetSource(known);
    }
  }

  void removed() {
    removed = true;
    DropTally tally = drops;
    if (tally != null) {
      tally.moveTo(control.deviceDrops());
    }
  }

  boolean handshaking() {
    return handshaking;
  }

  void handshaking(boolean waiting) {
    handshaking = waiting;
  }

  void requestKeepalive() {
    keepaliveRequested = true;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // The control thread alone writes.
  void requestDropStaged() {
    dropStagedRequests++;
  }

  void attentionGiven() {
    attention = false;
  }

  boolean takeHandshakeWanted() {
    if (!handshakeWanted) {
      return false;
    }
    handshakeWanted = false;
    return true;
  }
}
