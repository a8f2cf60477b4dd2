// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.BouncyCastleAead;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One device with the packet loops of a tunnel around it, on one thread and a simulated clock. */
final class SimulatedHost implements DeviceOutput {
  /** A datagram that left, whether or not it arrived. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sent(long atNanos, int type, byte[] octets, @Nullable Endpoint to) {}

  final Device device;
  final RecordingRandom random;
  final List<Sent> sent = new ArrayList<>();
  final List<DropReason> drops = new ArrayList<>();
  final List<String> received = new ArrayList<>();
  Endpoint address;
  boolean underLoad;
  Predicate<Endpoint> refuses = endpoint -> false;
  Instant wallClock = Instant.parse("2026-01-01T00:00:00Z");
  int services;

  private final SimulatedNetwork network;
  private final SecretKey privateKey;
  private final PublicKey publicKey;
  private final Aead aead = new BouncyCastleAead();
  private final MemorySegment buffer = Arena.ofAuto().allocate(2048);
  private final Map<Peer, Deque<byte[]>> staged = new HashMap<>();
  private final Map<Peer, Integer> dropRequestsServed = new HashMap<>();
  private final Deque<Peer> woken = new ArrayDeque<>();

  SimulatedHost(SimulatedNetwork network, int number) {
    this.network = network;
    this.random = new RecordingRandom(number);
    byte[] octets = new byte[32];
    random.nextBytes(octets);
    Primitives.clamp(octets);
    this.privateKey = SecretKey.of(octets);
    this.publicKey = PublicKey.of(Primitives.publicKey(octets));
    this.address = address(number, 51820);
    this.device = new Device(this, random, this::wall, network.now());
    device.apply(
        new DeviceChange(
            Optional.of(privateKey), OptionalInt.empty(), OptionalInt.empty(), false, List.of()),
        network.now());
    device.up(network.now());
    network.add(this);
  }

  static Endpoint address(int number, int port) {
    return new Endpoint(0, 0xffff_c000_0200L + number, port, 0, 0, 0, 0);
  }

  private Instant wall() {
    return wallClock.plusNanos(network.elapsed());
  }

  PublicKey publicKey() {
    return publicKey;
  }

  /** The only peer. */
  Peer peer() {
    return device.peers().getFirst();
  }

  void apply(PeerChange change) {
    apply(
        new DeviceChange(
            Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false, List.of(change)));
  }

  void apply(DeviceChange change) {
    device.apply(change, network.now());
    advance();
  }

  /** Adds the other as peer, with all addresses. */
  void knows(SimulatedHost other, boolean withEndpoint) {
    apply(
        new PeerChange(
            other.publicKey,
            false,
            false,
            Optional.empty(),
            withEndpoint ? Optional.of(other.address) : Optional.empty(),
            OptionalInt.empty(),
            false,
            List.of(new PeerChange.AllowedIpChange(Prefix.parse("0.0.0.0/0"), false))));
  }

  void presharedKey(SecretKey key) {
    apply(
        new PeerChange(
            peer().publicKey(),
            false,
            true,
            Optional.of(key),
            Optional.empty(),
            OptionalInt.empty(),
            false,
            List.of()));
  }

  void persistentKeepalive(int seconds) {
    apply(
        new PeerChange(
            peer().publicKey(),
            false,
            true,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.of(seconds),
            false,
            List.of()));
  }

  /** Sends 16 octets of inner packet to the only peer. */
  void send(String text) {
    byte[] plaintext = new byte[16];
    byte[] octets = Primitives.ascii(text);
    System.arraycopy(octets, 0, plaintext, 0, octets.length);
    staged.computeIfAbsent(peer(), p -> new ArrayDeque<>()).add(plaintext);
    transmit(peer());
    settle();
  }

  /** Sets the private key that {@link #publicKey} belongs to. */
  void ownPrivateKey() {
    apply(TwoHosts.privateKey(privateKey));
  }

  void greet() {
    device.greet(peer(), network.now());
    advance();
  }

  void up() {
    device.up(network.now());
    advance();
  }

  void down() {
    device.down(network.now());
    settle();
  }

  int staged() {
    return staged.values().stream().mapToInt(Deque::size).sum();
  }

  long count(int type) {
    return sent.stream().filter(s -> s.type() == type).count();
  }

  /** Transport datagrams without plaintext. */
  long keepalives() {
    return sent.stream()
        .filter(s -> s.type() == Messages.DATA && s.octets().length == Session.OVERHEAD)
        .count();
  }

  long advance() {
    long next = device.advance(network.now());
    settle();
    return next;
  }

  void deliver(byte[] datagram, Endpoint from) {
    long now = network.now();
    if (datagram.length < 4 || datagram[0] != Messages.DATA) {
      device.receive(datagram, datagram.length, from, underLoad, now);
      settle();
      return;
    }
    Session session =
        datagram.length < 16 ? null : device.sessionByIndex(Handshake.getInt(datagram, 4));
    if (session == null) {
      drops.add(DropReason.UNKNOWN_INDEX);
      return;
    }
    MemorySegment.copy(datagram, 0, buffer, ValueLayout.JAVA_BYTE, 3, datagram.length);
    int length = session.open(aead, buffer, 3, datagram.length, now);
    if (length < 0) {
      drops.add(DropReason.ofCode(length));
      return;
    }
    Peer peer = session.peer();
    peer.roam(
        from.addressHigh(),
        from.addressLow(),
        from.port(),
        from.scopeId(),
        from.sourceHigh(),
        from.sourceLow(),
        from.sourceIfIndex());
    if (length > 0) {
      byte[] plaintext = buffer.asSlice(3 + 16, length).toArray(ValueLayout.JAVA_BYTE);
      received.add(new String(plaintext, java.nio.charset.StandardCharsets.US_ASCII).trim());
    }
    service(peer, peer.dataReceived(session, 1, datagram.length, length > 0, now));
    settle();
  }

  @Override
  public boolean sendHandshake(byte[] message, Endpoint to) {
    if (refuses.test(to)) {
      return false;
    }
    sent.add(new Sent(network.elapsed(), message[0], message, to));
    network.send(this, message, to);
    return true;
  }

  @Override
  public void wakeTransmit(Peer peer) {
    woken.add(peer);
  }

  void settle() {
    for (Peer peer = woken.poll(); peer != null; peer = woken.poll()) {
      transmit(peer);
    }
  }

  private void service(Peer peer, boolean wake) {
    if (wake) {
      services++;
      device.service(peer, network.now());
    }
  }

  private void transmit(Peer peer) {
    Deque<byte[]> queue = staged.computeIfAbsent(peer, p -> new ArrayDeque<>());
    Integer requests = peer.dropStagedRequests();
    if (!requests.equals(dropRequestsServed.put(peer, requests))) {
      queue.clear();
    }
    Session session = peer.sendingSession(network.now());
    if (session == null) {
      if (!queue.isEmpty()) {
        service(peer, peer.requestHandshake());
      }
      return;
    }
    boolean wanted = peer.takeKeepaliveRequest();
    if (queue.isEmpty() && wanted) {
      seal(peer, session, new byte[0]);
    }
    while (!queue.isEmpty()) {
      seal(peer, session, queue.remove());
    }
  }

  private void seal(Peer peer, Session session, byte[] plaintext) {
    MemorySegment.copy(plaintext, 0, buffer, ValueLayout.JAVA_BYTE, 16, plaintext.length);
    int length = session.seal(aead, buffer, 0, plaintext.length);
    if (length < 0) {
      drops.add(DropReason.ofCode(length));
      return;
    }
    byte[] datagram = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    Endpoint to = peer.endpoint();
    sent.add(new Sent(network.elapsed(), Messages.DATA, datagram, to));
    if (to != null) {
      network.send(this, datagram, to);
    }
    service(peer, peer.dataSent(session, 1, length, plaintext.length > 0, network.now()));
  }
}
