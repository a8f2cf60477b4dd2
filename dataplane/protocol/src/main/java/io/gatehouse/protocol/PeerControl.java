// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static io.gatehouse.protocol.Peer.NEVER;

import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The control thread's half of a peer: handshakes, sessions, timers (paper, section 6) and what was
 * configured.
 *
 * <p>Timers are a function of stamps. {@link #deadline()} works out from them when something is due
 * next; {@link #expire} does what is due. Nothing ticks.
 */
final class PeerControl {
  private static final byte[] NO_TIMESTAMP = new byte[Tai64n.LENGTH];

  private final Device device;
  private final Peer peer;
  private final CookieJar cookies = new CookieJar();

  // Configuration.
  /** Of {@link CryptokeyRouter}, which links the others to it. */
  private CryptokeyRouter.@Nullable Node firstAllowed;

  private @Nullable MemorySegment presharedKey;
  private int persistentKeepalive;

  /** X25519 of both static keys once it was needed: most of many thousand peers are idle. */
  private @Nullable MemorySegment staticStatic;

  // Handshakes.
  private @Nullable Handshake outstanding;
  private byte[] greatestTimestamp = NO_TIMESTAMP;
  private long lastTimestampSent;
  private long lastInitiationTaken = NEVER;
  private long lastHandshakeSent = NEVER;
  private int retries;

  // Sessions. The current one stands in the peer, for the packet threads.
  private @Nullable Session previous;

  /** Made as the responder, and not the current one before the initiator has used it. */
  private volatile @Nullable Session next;

  // Timers: when something is due, NEVER when nothing is.
  private long retryAt = NEVER;
  private long initiateAt = NEVER;
  private long secondKeepaliveSince = NEVER;
  private long persistentSince = NEVER;
  private long keepaliveAt = NEVER;
  private long wipeAt = NEVER;
  private long jitter;

  /** Of {@link DeadlineQueue}. */
  long deadline;

  /** Of {@link DeadlineQueue}; negative when not in it. */
  int deadlineSlot = -1;

  // For people.
  private long lastHandshakeEpochNanos;
  private long lastHandshakeAt = NEVER;
  private long unansweredInitiation = NEVER;
  private volatile long handshakeRxBytes;
  private volatile long handshakeTxBytes;
  private final PeerTotals before;
  private final long countingSinceEpochNanos;
  private volatile long handshakes;
  private volatile long handshakeFailures;

  /** A peer whose counters begin at 0. */
  PeerControl(Device device, PublicKey publicKey) {
    this(device, publicKey, Optional.empty());
  }

  /**
   * A peer.
   *
   * @param earlier what its counters go on from
   */
  PeerControl(Device device, PublicKey publicKey, Optional<PeerTotals> earlier) {
    this.device = device;
    this.peer = new Peer(publicKey, this);
    this.jitter = device.jitter();
    before = earlier.orElse(PeerTotals.NONE);
    countingSinceEpochNanos =
        earlier.map(PeerTotals::sinceEpochNanos).orElseGet(device::wallClockNanos);
    before.drops().forEach(peer::drop);
  }

  Peer peer() {
    return peer;
  }

  // ---- configuration

  CryptokeyRouter.@Nullable Node firstAllowed() {
    return firstAllowed;
  }

  void firstAllowed(CryptokeyRouter.@Nullable Node node) {
    firstAllowed = node;
  }

  Optional<SecretKey> presharedKey() {
    if (presharedKey == null) {
      return Optional.empty();
    }
    byte[] octets = KeySlots.copyOf(presharedKey);
    SecretKey key = SecretKey.of(octets);
    Primitives.wipe(octets);
    return Optional.of(key);
  }

  /** Counts from the next handshake on. */
  void presharedKey(SecretKey key) {
    giveBackPresharedKey();
    if (!key.isZero()) {
      presharedKey = device.keySlots().take(key.revealOctets());
    }
  }

  int persistentKeepalive() {
    return persistentKeepalive;
  }

  /** Switching it on makes one due at once. */
  void persistentKeepalive(int seconds, long now) {
    boolean switchedOn = persistentKeepalive == 0 && seconds != 0;
    persistentKeepalive = seconds;
    if (seconds == 0) {
      persistentSince = NEVER;
      keepaliveAt = NEVER;
    } else if (switchedOn && device.isUp()) {
      persistentSince = now;
      keepaliveAt = now;
    }
  }

  /** Our key changed: conversation and shared secret are of the old one. */
  void identityChanged(long now) {
    endConversation();
    giveBackStaticStatic();
    rearm(now);
  }

  /** The device came up. */
  void up(long now) {
    if (persistentKeepalive != 0) {
      persistentSince = now;
      keepaliveAt = now;
    }
    device.output().wakeTransmit(peer);
    rearm(now);
  }

  /** The device went down: nothing of the conversation stays. */
  void down() {
    endConversation();
    persistentSince = NEVER;
    keepaliveAt = NEVER;
    peer.takeHandshakeWanted();
    peer.requestDropStaged();
    device.output().wakeTransmit(peer);
    peer.armed(NEVER);
    device.deadlines().set(this, NEVER);
  }

  /** The peer is taken away. */
  void remove() {
    peer.removed();
    down();
    giveBackPresharedKey();
    giveBackStaticStatic();
    cookies.wipe();
    // Were it added again after the wall clock was set back, it would still see later ones.
    device.timestampFloor(lastTimestampSent);
  }

  private void giveBackStaticStatic() {
    if (staticStatic != null) {
      device.keySlots().giveBack(staticStatic);
      staticStatic = null;
    }
  }

  private void giveBackPresharedKey() {
    if (presharedKey != null) {
      device.keySlots().giveBack(presharedKey);
      presharedKey = null;
    }
  }

  // ---- requests of the packet threads

  /**
   * Any thread: a session of which we were the responder and which the initiator has used, until
   * the control thread has made it the current one.
   */
  @Nullable Session confirmed() {
    Session session = next;
    return session != null && session.isHeard() ? session : null;
  }

  /** Looks at what the packet threads left. */
  void service(long now) {
    peer.attentionGiven();
    if (!device.isUp() || peer.isRemoved()) {
      return;
    }
    promote(now);
    if (peer.takeHandshakeWanted()) {
      Session current = peer.current();
      if (current != null && current.usable(now) && !current.stale(now)) {
        // A session came while the wish was on its way.
        device.output().wakeTransmit(peer);
      } else {
        initiate(now, false);
      }
    }
    rearm(now);
  }

  /** The responder's keys become the current ones when the initiator has used them. */
  private void promote(long now) {
    Session heard = confirmed();
    if (heard == null) {
      return;
    }
    end(previous);
    previous = peer.current();
    peer.current(heard);
    next = null;
    completed(now);
    device.output().wakeTransmit(peer);
  }

  // ---- handshakes

  /** See {@link Device#greet}. */
  void greet(long now) {
    if (device.isUp()
        && !peer.isRemoved()
        && !peer.handshaking()
        && peer.sendingSession(now) == null) {
      initiateAt = now;
      peer.handshaking(true);
      rearm(now);
    }
  }

  /** Made when it is needed: most of many thousand peers are idle. */
  private byte[] publicOctets() {
    return peer.publicKey().octets();
  }

  /** A copy, which the caller wipes; empty when the peer's key is of low order. */
  private Optional<byte[]> staticStatic(Identity self) {
    if (staticStatic == null) {
      byte[] shared = new byte[Primitives.KEY];
      if (!self.dh(publicOctets(), shared)) {
        return Optional.empty();
      }
      staticStatic = device.keySlots().take(shared);
    }
    return Optional.of(KeySlots.copyOf(staticStatic));
  }

  /** Sends an initiation, now or as soon as the last one is 5 s old. */
  private void initiate(long now, boolean retry) {
    Identity self = device.identity();
    Endpoint to = peer.endpoint();
    if (self == null || to == null) {
      // Nothing is lost by this: what cannot leave is counted where it waits.
      return;
    }
    if (!retry) {
      retries = 0;
    }
    if (lastHandshakeSent != NEVER && now - lastHandshakeSent < Limits.REKEY_TIMEOUT) {
      if (outstanding == null) {
        initiateAt = lastHandshakeSent + Limits.REKEY_TIMEOUT;
        peer.handshaking(true);
      } else if (retryAt == NEVER) {
        // A response of ours went out since: the retry waits as long after that.
        retryAt = lastHandshakeSent + Limits.REKEY_TIMEOUT + jitter;
      }
      return;
    }
    Optional<byte[]> shared = staticStatic(self);
    if (shared.isEmpty()) {
      return;
    }
    forgetOutstanding();
    lastTimestampSent = device.timestampAfter(lastTimestampSent);
    byte[] message = new byte[Messages.INITIATION_LENGTH];
    int index = device.indices().take(this);
    Optional<Handshake> begun =
        Handshake.initiate(
            self,
            publicOctets(),
            shared.get(),
            Tai64n.label(lastTimestampSent),
            index,
            device.random(),
            message);
    Primitives.wipe(shared.get());
    if (begun.isEmpty()) {
      device.indices().release(index);
      return;
    }
    outstanding = begun.get();
    peer.handshaking(true);
    retryAt = now + Limits.REKEY_TIMEOUT + jitter;
    jitter = device.jitter();
    device.tally().count(Tally.INITIATIONS_OUT);
    if (unansweredInitiation == NEVER) {
      unansweredInitiation = now;
    }
    send(message, to, now);
  }

  /** Takes an authenticated initiation of this peer and answers it. */
  void answer(Identity self, Handshake.Initiation initiation, int length, Endpoint from, long now) {
    Optional<byte[]> shared = staticStatic(self);
    Optional<byte[]> timestamp = shared.flatMap(initiation::timestamp);
    shared.ifPresent(Primitives::wipe);
    if (timestamp.isEmpty()) {
      refused(DropReason.AUTH_FAILED);
      return;
    }
    if (Arrays.compareUnsigned(timestamp.get(), greatestTimestamp) <= 0) {
      refused(DropReason.REPLAYED);
      return;
    }
    if (lastInitiationTaken != NEVER && now - lastInitiationTaken < Limits.INITIATION_INTERVAL) {
      refused(DropReason.RATE_LIMITED);
      return;
    }
    promote(now);
    greatestTimestamp = timestamp.get();
    lastInitiationTaken = now;
    device.tally().count(Tally.INITIATIONS_IN);
    authenticated(length, from, now);

    byte[] response = new byte[Messages.RESPONSE_LENGTH];
    byte[] psk = presharedKeyOctets();
    int index = device.indices().take(this);
    Optional<Handshake.Keys> keys = initiation.respond(psk, index, response);
    Primitives.wipe(psk);
    if (keys.isEmpty()) {
      device.indices().release(index);
      refused(DropReason.AUTH_FAILED);
      return;
    }
    // A new handshake replaces keys that were never confirmed, and the oldest ones.
    end(next);
    end(previous);
    previous = null;
    next = session(keys.get(), index, false, now);
    device.tally().count(Tally.RESPONSES_OUT);
    send(response, from, now);
    rearm(now);
  }

  /** Takes the response to the outstanding initiation. */
  void respond(byte[] response, int length, Endpoint from, long now) {
    Handshake waiting = outstanding;
    Identity self = device.identity();
    if (self == null || waiting == null || waiting.localIndex() != Handshake.getInt(response, 8)) {
      refused(DropReason.UNKNOWN_INDEX);
      return;
    }
    byte[] psk = presharedKeyOctets();
    Optional<Handshake.Keys> keys = waiting.consumeResponse(self, psk, response);
    Primitives.wipe(psk);
    if (keys.isEmpty()) {
      refused(DropReason.AUTH_FAILED);
      return;
    }
    device.tally().count(Tally.RESPONSES_IN);
    authenticated(length, from, now);
    waiting.wipe();
    outstanding = null;
    end(previous);
    if (next != null) {
      // Keys of a handshake that crossed ours: the peer may use them until it sees ours.
      end(peer.current());
      previous = next;
      next = null;
    } else {
      previous = peer.current();
    }
    peer.current(session(keys.get(), waiting.localIndex(), true, now));
    completed(now);
    // The responder may not send before it hears from us.
    peer.requestKeepalive();
    device.output().wakeTransmit(peer);
    rearm(now);
  }

  /** Takes a cookie reply; the cookie serves from the next retry on. */
  void takeCookie(byte[] reply, long now) {
    if (cookies.take(reply, Macs.cookieKey(publicOctets()), now)) {
      device.tally().count(Tally.COOKIES_IN);
    } else {
      refused(DropReason.BAD_COOKIE);
    }
  }

  private void refused(DropReason reason) {
    device.tally().count(Tally.REFUSED);
    peer.drop(reason, 1);
  }

  private byte[] presharedKeyOctets() {
    return presharedKey == null ? new byte[Primitives.KEY] : KeySlots.copyOf(presharedKey);
  }

  private Session session(Handshake.Keys keys, int index, boolean initiator, long now) {
    peer.hasSession();
    Session session =
        new Session(
            peer,
            index,
            keys.remoteIndex(),
            initiator,
            device.keySlots().take(keys.send()),
            device.keySlots().take(keys.receive()),
            now);
    device.indices().publish(session);
    wipeAt = now + Limits.WIPE_AFTER_TIME;
    return session;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // The control thread alone writes.
  private void completed(long now) {
    retries = 0;
    retryAt = NEVER;
    initiateAt = NEVER;
    forgetOutstanding();
    peer.takeHandshakeWanted();
    peer.handshaking(false);
    lastHandshakeAt = now;
    unansweredInitiation = NEVER;
    lastHandshakeEpochNanos = device.wallClockNanos();
    handshakes = handshakes + 1;
    device.tally().count(Tally.COMPLETED);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // The control thread alone writes.
  private void authenticated(int length, Endpoint from, long now) {
    handshakeRxBytes = handshakeRxBytes + length;
    peer.controlReceived(now);
    peer.roam(from);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // The control thread alone writes.
  private void send(byte[] message, Endpoint to, long now) {
    cookies.writeMacs(message, Macs.mac1Key(publicOctets()), now);
    lastHandshakeSent = now;
    peer.controlSent(now);
    boolean sent = device.output().sendHandshake(message, to);
    if (!sent && to.hasSource()) {
      // The address we answered from is gone: let the system choose.
      peer.forgetSource(to);
      sent = device.output().sendHandshake(message, to.withoutSource());
    }
    if (sent) {
      handshakeTxBytes = handshakeTxBytes + message.length;
    } else {
      peer.drop(DropReason.SOCKET_FAILED, 1);
    }
  }

  // ---- sessions

  /** No key of a session or handshake stays. An attempt to get new ones goes on. */
  private void wipeKeys() {
    Session current = peer.current();
    peer.current(null);
    end(current);
    end(previous);
    end(next);
    previous = null;
    next = null;
    forgetOutstanding();
    wipeAt = NEVER;
  }

  /** No key stays, and nothing is due. */
  private void endConversation() {
    wipeKeys();
    lastHandshakeSent = NEVER;
    unansweredInitiation = NEVER;
    retryAt = NEVER;
    initiateAt = NEVER;
    secondKeepaliveSince = NEVER;
    retries = 0;
    peer.handshaking(false);
    peer.unansweredHandled(peer.unansweredSince());
    peer.keepaliveHandled(peer.keepaliveOwedSince());
  }

  private void end(@Nullable Session session) {
    if (session != null) {
      device.indices().release(session.localIndex());
      session.end(device.keySlots());
    }
  }

  private void forgetOutstanding() {
    if (outstanding != null) {
      device.indices().release(outstanding.localIndex());
      outstanding.wipe();
      outstanding = null;
    }
  }

  // ---- timers

  /** Tells the queue and the packet threads when the control thread looks next. */
  void rearm(long now) {
    if (!device.isUp() || peer.isRemoved()) {
      return;
    }
    long soonest = deadline();
    peer.armed(soonest);
    // A packet thread that stamped before it could see this is seen here (Dekker).
    for (long again = deadline(); again != soonest; again = deadline()) {
      soonest = again;
      peer.armed(soonest);
    }
    device.deadlines().set(this, soonest);
  }

  /** When something is due next, {@link Peer#NEVER} if nothing ever is. */
  private long deadline() {
    long soonest = sooner(sooner(retryAt, initiateAt), keepaliveAt);
    soonest = sooner(soonest, plus(peer.unansweredSince(), newHandshakeTimeout()));
    soonest = sooner(soonest, plus(peer.keepaliveOwedSince(), Limits.KEEPALIVE_TIMEOUT));
    soonest = sooner(soonest, plus(secondKeepaliveOwed(), Limits.KEEPALIVE_TIMEOUT));
    soonest = sooner(soonest, plus(lastTraversal(), persistentInterval()));
    return sooner(soonest, wipeAt);
  }

  /** Does what is due, and finds the next deadline. */
  void expire(long now) {
    if (isDue(retryAt, now)) {
      retry(now);
    }
    if (isDue(initiateAt, now)) {
      initiateAt = NEVER;
      peer.handshaking(false);
      initiate(now, false);
    }
    if (isDue(keepaliveAt, now)) {
      keepaliveAt = NEVER;
      keepalive(now);
    }
    long unanswered = peer.unansweredSince();
    if (isDue(plus(unanswered, newHandshakeTimeout()), now)) {
      peer.unansweredHandled(unanswered);
      peer.forgetSource();
      initiate(now, false);
    }
    if (isDue(plus(secondKeepaliveOwed(), Limits.KEEPALIVE_TIMEOUT), now)) {
      secondKeepaliveSince = NEVER;
      keepalive(now);
    }
    long owed = peer.keepaliveOwedSince();
    if (isDue(plus(owed, Limits.KEEPALIVE_TIMEOUT), now)) {
      // More data since: a second pass, which the keepalive calls off if it can be sent.
      secondKeepaliveSince = peer.lastDataReceived() - owed > 0 ? now : NEVER;
      peer.keepaliveHandled(owed);
      keepalive(now);
    }
    if (isDue(plus(lastTraversal(), persistentInterval()), now)) {
      persistentSince = now;
      keepalive(now);
    }
    if (isDue(wipeAt, now)) {
      wipeKeys();
    }
    rearm(now);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // The control thread alone writes.
  private void retry(long now) {
    if (peer.takeHandshakeWanted()) {
      // New packets begin the 90 s again.
      retries = 0;
    }
    retryAt = NEVER;
    if (retries <= Limits.MAX_RETRIES) {
      retries++;
      peer.forgetSource();
      initiate(now, true);
      return;
    }
    retries = 0;
    forgetOutstanding();
    handshakeFailures = handshakeFailures + 1;
    device.tally().count(Tally.TIMED_OUT);
    peer.keepaliveHandled(peer.keepaliveOwedSince());
    secondKeepaliveSince = NEVER;
    if (wipeAt == NEVER) {
      wipeAt = now + Limits.WIPE_AFTER_TIME;
    }
    peer.requestDropStaged();
    device.output().wakeTransmit(peer);
    peer.handshaking(false);
    if (peer.takeHandshakeWanted()) {
      initiate(now, false);
    }
  }

  /** Sends an empty packet, or makes a session for one. */
  private void keepalive(long now) {
    if (peer.sendingSession(now) != null) {
      peer.requestKeepalive();
      device.output().wakeTransmit(peer);
    } else {
      initiate(now, false);
    }
  }

  private long newHandshakeTimeout() {
    return Limits.NEW_HANDSHAKE_TIMEOUT + jitter;
  }

  /** The second pass, unless something was sent since the first. */
  private long secondKeepaliveOwed() {
    long sent = peer.lastSent();
    return secondKeepaliveSince != NEVER && sent != NEVER && sent - secondKeepaliveSince >= 0
        ? NEVER
        : secondKeepaliveSince;
  }

  /** The last packet in either direction, since persistent keepalive is on. */
  private long lastTraversal() {
    if (persistentKeepalive == 0) {
      return NEVER;
    }
    long last = persistentSince;
    for (long stamp : new long[] {peer.lastSent(), peer.lastReceived()}) {
      last = last == NEVER || stamp != NEVER && stamp - last > 0 ? stamp : last;
    }
    return last;
  }

  private long persistentInterval() {
    return persistentKeepalive * 1_000_000_000L;
  }

  private static long plus(long stamp, long time) {
    return stamp == NEVER ? NEVER : stamp + time;
  }

  private static long sooner(long a, long b) {
    return a == NEVER ? b : b == NEVER || a - b <= 0 ? a : b;
  }

  private static boolean isDue(long deadline, long now) {
    return deadline != NEVER && now - deadline >= 0;
  }

  // ---- for people

  DeviceSnapshot.PeerSnapshot snapshot(long now) {
    return new DeviceSnapshot.PeerSnapshot(
        peer.publicKey(),
        presharedKey(),
        Optional.ofNullable(peer.endpoint()),
        persistentKeepalive,
        CryptokeyRouter.allowedIps(this).stream().sorted(Device.PREFIX_ORDER).toList(),
        lastHandshakeEpochNanos,
        lastHandshakeAt == NEVER ? -1 : now - lastHandshakeAt,
        peer.rxBytes(),
        peer.txBytes(),
        peer.rxPackets(),
        peer.txPackets(),
        state(now),
        unansweredInitiation == NEVER ? -1 : now - unansweredInitiation,
        peer.drops(),
        new DeviceSnapshot.PeerSnapshot.Life(
            peer.handshakes(),
            peer.handshakeFailures(),
            peer.endpointChanges(),
            countingSinceEpochNanos));
  }

  private DeviceSnapshot.PeerSnapshot.State state(long now) {
    if (peer.sendingSession(now) != null) {
      return DeviceSnapshot.PeerSnapshot.State.UP;
    }
    if (retryAt != NEVER) {
      return DeviceSnapshot.PeerSnapshot.State.RETRYING;
    }
    return lastHandshakeAt == NEVER
        ? DeviceSnapshot.PeerSnapshot.State.NEVER
        : DeviceSnapshot.PeerSnapshot.State.IDLE;
  }

  /** What the counters have gone on from. Any thread. */
  PeerTotals before() {
    return before;
  }

  /** Where the drops of a removed peer go on. */
  DropTally deviceDrops() {
    return device.drops();
  }

  long handshakeRxBytes() {
    return handshakeRxBytes;
  }

  long handshakeTxBytes() {
    return handshakeTxBytes;
  }

  long handshakes() {
    return handshakes;
  }

  long handshakeFailures() {
    return handshakeFailures;
  }
}
