// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A WireGuard device: its key, its peers, and their handshakes.
 *
 * <p>Belongs to the control thread, except where a method says otherwise. Every {@code now} is the
 * same monotonic clock in nanoseconds; the wall clock serves for timestamps alone. A device begins
 * down.
 *
 * <p>The control thread's loop: take what came (handshake datagrams to {@link #receive}, peers that
 * asked to {@link #service}, configuration to {@link #apply}), call {@link #advance}, sleep until
 * what it returns or until woken.
 */
public final class Device {
  /** More would not fit the table of receiver indices, four for each. */
  public static final int MAX_PEERS = 1 << 20;

  /** IPv4 first, then the shortest first, then by address. */
  static final Comparator<Prefix> PREFIX_ORDER =
      Comparator.<Prefix, Boolean>comparing(Prefix::isIpv6)
          .thenComparingInt(Prefix::length)
          .thenComparing(prefix -> prefix.address().getAddress(), Arrays::compareUnsigned);

  private static final int TIMESTAMP_RESERVE = 10;

  /** Each may cost three X25519, a tenth of a millisecond apiece. */
  private static final int PEERS_IN_A_ROW = 32;

  private final DeviceOutput output;
  private final RandomGenerator random;
  private final Supplier<Instant> wallClock;
  private final KeySlots slots = new KeySlots();
  private final DeadlineQueue deadlines = new DeadlineQueue();
  private final Tally tally = new Tally();
  private final DropTally drops = new DropTally();
  private final IndexTable indices;
  private final RateLimiter limiter;
  private final Map<PublicKey, PeerControl> peers = new LinkedHashMap<>();
  private final CryptokeyRouter router = new CryptokeyRouter();

  /** Counters that peers will go on from when they are added. */
  private final Map<PublicKey, PeerTotals> toResume = new HashMap<>();

  private @Nullable Identity identity;
  private @Nullable CookieChecker cookies;
  private int listenPort;
  private int fwMark;
  private boolean up;
  private volatile long latestTimestamp;
  private long timestampFloor;

  /**
   * A device without key and peers, down.
   *
   * @param random the source of all keys: a {@link java.security.SecureRandom} outside of tests
   * @param wallClock for the timestamps of initiations
   */
  public Device(
      DeviceOutput output, RandomGenerator random, Supplier<Instant> wallClock, long now) {
    this.output = output;
    this.random = random;
    this.wallClock = wallClock;
    this.indices = new IndexTable(random);
    this.limiter = new RateLimiter(now);
  }

  // ---- configuration

  /**
   * Applies a change as a whole or not at all. Listen port and mark are only remembered; the
   * sockets are the caller's. A peer with our own public key is left out, as the kernel does.
   *
   * @throws InvalidChangeException if a value is out of range; then nothing was changed
   */
  public void apply(DeviceChange change, long now) {
    validate(change);
    change.listenPort().ifPresent(port -> listenPort = port);
    change.fwMark().ifPresent(mark -> fwMark = mark);
    change.privateKey().ifPresent(key -> privateKey(key, now));
    List<PeerControl> changed = new ArrayList<>();
    List<PeerControl> removed = new ArrayList<>();
    Map<Prefix, PeerControl> leaving = new HashMap<>();
    if (change.replacePeers()) {
      Set<PublicKey> keep = new HashSet<>();
      for (PeerChange peer : change.peers()) {
        if (!peer.remove()) {
          keep.add(peer.publicKey());
        }
      }
      for (PublicKey key : List.copyOf(peers.keySet())) {
        if (!keep.contains(key)) {
          removePeer(key).ifPresent(removed::add);
        }
      }
    }
    for (PeerChange peerChange : change.peers()) {
      if (peerChange.remove()) {
        removePeer(peerChange.publicKey()).ifPresent(removed::add);
      } else {
        applyPeer(peerChange, changed, leaving, now);
      }
    }
    // Last, so that what moves from one peer to another is always somebody's.
    leaving.forEach(router::take);
    removed.forEach(router::takeAll);
    for (PeerControl control : changed) {
      if (up && !control.peer().isRemoved()) {
        // What was staged may have a way now.
        output.wakeTransmit(control.peer());
        control.rearm(now);
      }
    }
  }

  private void validate(DeviceChange change) {
    change.listenPort().ifPresent(port -> inRange("listen port", port, 0, 65535));
    int added = 0;
    for (PeerChange peer : change.peers()) {
      peer.persistentKeepalive()
          .ifPresent(seconds -> inRange("persistent keepalive", seconds, 0, 65535));
      peer.endpoint().ifPresent(endpoint -> inRange("endpoint port", endpoint.port(), 1, 65535));
      if (!peer.remove() && (change.replacePeers() || !peers.containsKey(peer.publicKey()))) {
        added++;
      }
    }
    int before = change.replacePeers() ? 0 : peers.size();
    if (added > MAX_PEERS - before) {
      throw new InvalidChangeException(
          "more than " + MAX_PEERS + " peers; spread them over several tunnels");
    }
  }

  private static void inRange(String what, int value, int low, int high) {
    if (value < low || value > high) {
      throw new InvalidChangeException(what + " " + value + " is not in " + low + ".." + high);
    }
  }

  private void privateKey(SecretKey key, long now) {
    byte[] octets = key.revealOctets();
    if (key.isZero()) {
      if (identity == null) {
        return;
      }
    } else {
      Primitives.clamp(octets);
      if (identity != null && identity.isPrivateKey(octets)) {
        Primitives.wipe(octets);
        return;
      }
    }
    if (identity != null) {
      identity.wipe();
      identity = null;
    }
    if (cookies != null) {
      cookies.wipe();
      cookies = null;
    }
    if (!key.isZero()) {
      identity = new Identity(octets, slots);
      cookies = new CookieChecker(identity.publicOctets(), random);
      if (peers.containsKey(identity.publicKey())) {
        removePeer(identity.publicKey()).ifPresent(router::takeAll);
      }
    }
    for (PeerControl control : peers.values()) {
      control.identityChanged(now);
      if (up) {
        output.wakeTransmit(control.peer());
      }
    }
  }

  private void applyPeer(
      PeerChange change, List<PeerControl> changed, Map<Prefix, PeerControl> leaving, long now) {
    PublicKey key = change.publicKey();
    PeerControl control = peers.get(key);
    if (control == null) {
      if (change.updateOnly() || identity != null && identity.publicKey().equals(key)) {
        return;
      }
      control = new PeerControl(this, key, Optional.ofNullable(toResume.remove(key)));
      peers.put(key, control);
    }
    changed.add(control);
    change.presharedKey().ifPresent(control::presharedKey);
    change.endpoint().ifPresent(control.peer()::configured);
    applyAllowedIps(change, control, leaving);
    if (change.persistentKeepalive().isPresent()) {
      control.persistentKeepalive(change.persistentKeepalive().getAsInt(), now);
    }
  }

  private void applyAllowedIps(
      PeerChange change, PeerControl control, Map<Prefix, PeerControl> leaving) {
    if (change.replaceAllowedIps()) {
      for (Prefix prefix : CryptokeyRouter.allowedIps(control)) {
        leaving.put(prefix, control);
      }
    }
    for (PeerChange.AllowedIpChange allowed : change.allowedIps()) {
      Prefix prefix = allowed.prefix().masked();
      if (!allowed.remove()) {
        router.give(prefix, control);
        leaving.remove(prefix);
      } else if (router.has(prefix, control)) {
        leaving.put(prefix, control);
      }
    }
  }

  /** Ends a peer, whose allowed IPs are still to be taken. */
  private Optional<PeerControl> removePeer(PublicKey key) {
    Optional<PeerControl> control = Optional.ofNullable(peers.remove(key));
    control.ifPresent(PeerControl::remove);
    return control;
  }

  /** The device as it is. */
  public DeviceSnapshot snapshot(long now) {
    return new DeviceSnapshot(
        Optional.ofNullable(identity).map(Identity::reveal),
        Optional.ofNullable(identity).map(Identity::publicKey),
        listenPort,
        fwMark,
        drops.toMap(),
        peers.values().stream().map(control -> control.snapshot(now)).toList(),
        tally.handshakes());
  }

  /**
   * How much some peers have sent and received since they were added: UDP payload octets of both
   * directions together. Those that are not in the device are left out.
   */
  public Map<PublicKey, Long> octets(Collection<PublicKey> of) {
    Map<PublicKey, Long> octets = new HashMap<>();
    for (PublicKey key : of) {
      PeerControl control = peers.get(key);
      if (control != null) {
        octets.put(key, control.peer().rxBytes() + control.peer().txBytes());
      }
    }
    return octets;
  }

  /**
   * Lets the counters go on from those of an earlier device; to be called once, before there are
   * peers. Each peer goes on from its own when it is added for the first time, however late.
   */
  public void resume(DeviceTotals before) {
    tally.resume(before.handshakes());
    before.drops().forEach(drops::add);
    toResume.putAll(before.peers());
  }

  /** Which port the socket is bound to, for {@link #snapshot}. */
  public void listenPort(int port) {
    listenPort = port;
  }

  /** The peers in the order they were added. */
  public List<Peer> peers() {
    return peers.values().stream().map(PeerControl::peer).toList();
  }

  /** Starts to talk; persistent keepalives are due at once. Does nothing when up. */
  public void up(long now) {
    if (!up) {
      up = true;
      peers.values().forEach(control -> control.up(now));
    }
  }

  /** Drops sessions, handshakes and staged packets, and keeps silent. Does nothing when down. */
  public void down(long now) {
    if (up) {
      up = false;
      peers.values().forEach(PeerControl::down);
    }
  }

  // ---- handshakes and timers

  /**
   * Takes a datagram of type 1, 2 or 3. Whatever it holds, this never throws; nothing is answered
   * to who does not know our public key.
   *
   * @param message the octets from index 0 on; not kept
   * @param length octets of the datagram, at most {@code message.length}
   * @param from its source, and the local address it came to
   * @param underLoad whether only holders of a cookie are served: too many handshakes wait, or did
   *     within the last second
   */
  public void receive(byte[] message, int length, Endpoint from, boolean underLoad, long now) {
    Identity self = identity;
    CookieChecker checker = cookies;
    if (!up || self == null || checker == null) {
      return;
    }
    if (length < 4) {
      refused(DropReason.MALFORMED);
      return;
    }
    int type = Handshake.getInt(message, 0);
    int expected =
        switch (type) {
          case Messages.INITIATION -> Messages.INITIATION_LENGTH;
          case Messages.RESPONSE -> Messages.RESPONSE_LENGTH;
          case Messages.COOKIE_REPLY -> Messages.COOKIE_REPLY_LENGTH;
          default -> -1;
        };
    if (length != expected) {
      refused(expected < 0 ? DropReason.UNKNOWN_TYPE : DropReason.MALFORMED);
      return;
    }
    byte[] exact = Arrays.copyOf(message, length);
    if (type == Messages.COOKIE_REPLY) {
      receiveCookie(exact, now);
    } else if (admitted(exact, checker, from, underLoad, now)) {
      if (type == Messages.INITIATION) {
        receiveInitiation(exact, self, from, now);
      } else {
        receiveResponse(exact, from, now);
      }
    }
  }

  private boolean admitted(
      byte[] message, CookieChecker checker, Endpoint from, boolean underLoad, long now) {
    if (!checker.mac1Right(message)) {
      refused(DropReason.BAD_MAC1);
      return false;
    }
    if (!underLoad) {
      return true;
    }
    if (!checker.mac2Right(message, from, now)) {
      refused(DropReason.BAD_COOKIE);
      if (output.sendHandshake(checker.reply(message, from, now), from)) {
        tally.count(Tally.COOKIES_OUT);
      } else {
        drop(DropReason.SOCKET_FAILED, 1);
      }
      return false;
    }
    if (!limiter.allow(from, now)) {
      refused(DropReason.RATE_LIMITED);
      return false;
    }
    return true;
  }

  private void receiveInitiation(byte[] message, Identity self, Endpoint from, long now) {
    Optional<Handshake.Initiation> opened = Handshake.Initiation.consume(self, message, random);
    if (opened.isEmpty()) {
      refused(DropReason.AUTH_FAILED);
      return;
    }
    PeerControl control = peers.get(PublicKey.of(opened.get().initiator()));
    if (control == null) {
      refused(DropReason.UNKNOWN_PEER);
    } else {
      control.answer(self, opened.get(), message.length, from, now);
    }
    opened.get().wipe();
  }

  private void receiveResponse(byte[] message, Endpoint from, long now) {
    PeerControl control = indices.owner(Handshake.getInt(message, 8));
    if (control == null) {
      refused(DropReason.UNKNOWN_INDEX);
    } else {
      control.respond(message, message.length, from, now);
    }
  }

  private void receiveCookie(byte[] message, long now) {
    PeerControl control = indices.owner(Handshake.getInt(message, 4));
    if (control == null) {
      refused(DropReason.UNKNOWN_INDEX);
    } else {
      control.takeCookie(message, now);
    }
  }

  /** A handshake message of nobody we know. */
  private void refused(DropReason reason) {
    tally.count(Tally.REFUSED);
    drop(reason, 1);
  }

  /**
   * Does what is due, of a few peers at a time: when thousands are due at once, as after coming up,
   * incoming handshakes get their turn in between.
   *
   * @return when to call again at the latest, by the same clock; {@link Long#MAX_VALUE} when only
   *     an event can make something due
   */
  public long advance(long now) {
    for (int i = 0; i < PEERS_IN_A_ROW; i++) {
      PeerControl due = deadlines.due(now);
      if (due == null) {
        break;
      }
      due.expire(now);
    }
    long soonest = deadlines.soonest();
    return soonest == Peer.NEVER ? Long.MAX_VALUE : soonest;
  }

  /**
   * Makes a handshake with a peer due at once, to be begun by {@link #advance}, without data or
   * keepalive to send: for instance to let traffic flow again after a restart. Does nothing while
   * the device is down, without an endpoint, with a session that can be used, or when an initiation
   * is under way; waits if the last one is less than 5 s old.
   */
  public void greet(Peer peer, long now) {
    peer.control().greet(now);
  }

  /** Looks after a peer for which a packet thread asked to wake the control thread. */
  public void service(Peer peer, long now) {
    peer.control().service(now);
  }

  // ---- any thread

  /** Which peer an inner address belongs to. Any thread. */
  public CryptokeyRouter router() {
    return router;
  }

  /**
   * The session a transport packet belongs to. Any thread; no allocation, which is why it may be
   * null.
   *
   * @param receiverIndex octets 4-7 of the datagram, little endian
   * @return null when the index is nobody's
   */
  public @Nullable Session sessionByIndex(int receiverIndex) {
    return indices.session(receiverIndex);
  }

  /** What was done about handshakes. Any thread. */
  public HandshakeCounters handshakeCounters() {
    return tally.handshakes();
  }

  /**
   * Counts packets or handshake messages that went no further and of which the peer is not known;
   * where it is, {@link Peer#drop} counts instead, so that each is counted once. Any thread; no
   * allocation.
   */
  public void drop(DropReason reason, long count) {
    drops.add(reason, count);
  }

  /**
   * How many were dropped for this reason without a peer being known, and of peers since removed.
   * What the tunnel dropped in all is this and the drops of each peer. Any thread.
   */
  public long drops(DropReason reason) {
    return drops.get(reason);
  }

  // ---- timestamps

  /**
   * What to write down now and then for {@link #timestampFloor} after a restart: an opaque number
   * that orders as time does and lies ten seconds above the latest timestamp sent, so that it holds
   * if it is written at least that often. 0 when none was sent. Any thread.
   */
  public long timestampToKeep() {
    return latestTimestamp == 0 ? 0 : Tai64n.later(latestTimestamp, TIMESTAMP_RESERVE);
  }

  /**
   * All timestamps to come are later than this one, even if the wall clock is behind: peers refuse
   * what is not newer.
   *
   * @param timestamp from {@link #timestampToKeep} of an earlier device
   */
  public void timestampFloor(long timestamp) {
    timestampFloor = Math.max(timestampFloor, timestamp);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // The control thread alone writes.
  long timestampAfter(long last) {
    long timestamp = Tai64n.after(Math.max(last, timestampFloor), wallClock.get());
    latestTimestamp = Math.max(latestTimestamp, timestamp);
    return timestamp;
  }

  // ---- what the peers share

  boolean isUp() {
    return up;
  }

  @Nullable Identity identity() {
    return identity;
  }

  DeviceOutput output() {
    return output;
  }

  KeySlots keySlots() {
    return slots;
  }

  IndexTable indices() {
    return indices;
  }

  DeadlineQueue deadlines() {
    return deadlines;
  }

  Tally tally() {
    return tally;
  }

  DropTally drops() {
    return drops;
  }

  RandomGenerator random() {
    return random;
  }

  long jitter() {
    return random.nextLong(Limits.JITTER);
  }

  long wallClockNanos() {
    Instant wall = wallClock.get();
    return wall.getEpochSecond() * 1_000_000_000L + wall.getNano();
  }
}
