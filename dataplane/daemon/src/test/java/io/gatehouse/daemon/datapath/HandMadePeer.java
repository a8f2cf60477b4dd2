// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.daemon.datapath.Datagrams.Received;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceOutput;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.Session;
import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.AeadEngines;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;

/**
 * The other end of a tunnel, moved by hand: it sends what a test tells it to, sealed or raw, and
 * hands over what it receives. Only its handshakes are a real device's.
 */
final class HandMadePeer implements AutoCloseable {
  private static final int DATA = 4;

  private final SecretKey key;
  private final PublicKey publicKey;
  private final PublicKey tunnelKey;
  private final Endpoint tunnelAt;
  private final Datagrams datagrams;
  private final MemorySegment memory = Arena.ofAuto().allocate(65536 + 64, 64);
  private final Aead aead = AeadEngines.choose("bouncycastle").create();
  private final Queue<byte[]> handshakes = new ArrayDeque<>();
  private Device device;

  HandMadePeer(Machine where, PublicKey tunnelKey, String address, int port) throws Exception {
    this.tunnelKey = tunnelKey;
    tunnelAt = Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    datagrams = new Datagrams(where, 0);
    key = randomKey();
    device = anotherDevice(Instant.now());
    publicKey = device.snapshot(now()).publicKey().orElseThrow();
  }

  static SecretKey randomKey() {
    byte[] octets = new byte[SecretKey.LENGTH];
    new SecureRandom().nextBytes(octets);
    return SecretKey.of(octets);
  }

  private Device anotherDevice(Instant wallClock) {
    DeviceOutput output =
        new DeviceOutput() {
          @Override
          public boolean sendHandshake(byte[] message, Endpoint to) {
            return handshakes.add(message);
          }

          @Override
          public void wakeTransmit(Peer peer) {
            // Moved by hand.
          }
        };
    Device made = new Device(output, new SecureRandom(), () -> wallClock, now());
    PeerChange tunnel =
        new PeerChange(
            tunnelKey,
            false,
            false,
            Optional.empty(),
            Optional.of(tunnelAt),
            OptionalInt.empty(),
            false,
            List.of());
    made.apply(
        new DeviceChange(
            Optional.of(key), OptionalInt.empty(), OptionalInt.empty(), false, List.of(tunnel)),
        now());
    made.up(now());
    return made;
  }

  private static long now() {
    return System.nanoTime();
  }

  PublicKey publicKey() {
    return publicKey;
  }

  int port() {
    return datagrams.port();
  }

  /** The initiation that a fresh device with this peer's key would send at that time. */
  byte[] initiation(Instant wallClock) {
    device = anotherDevice(wallClock);
    Peer tunnel = device.peers().getFirst();
    tunnel.requestHandshake();
    device.service(tunnel, now());
    return handshakes.remove();
  }

  /** A whole handshake, begun here and confirmed. */
  void shakeHands() {
    send(initiation(Instant.now()));
    take(datagrams.receive());
    send(sealed(new byte[0]));
  }

  /** Waits for the tunnel's handshake and answers it. Returns what came first. */
  Received answerHandshake() {
    Received initiation = datagrams.receive();
    while (initiation.octets()[0] != 1) {
      initiation = datagrams.receive();
    }
    take(initiation);
    handshakes.forEach(this::send);
    handshakes.clear();
    return initiation;
  }

  private void take(Received message) {
    take(message.octets());
  }

  /** Takes a handshake message, however it came. */
  void take(byte[] message) {
    device.receive(message, message.length, tunnelAt, false, now());
  }

  /** Seals a plaintext under the session that was last made. */
  byte[] sealed(byte[] plaintext) {
    Session session = device.peers().getFirst().sendingSession(now());
    if (session == null) {
      throw new AssertionError("there is no session to seal under");
    }
    MemorySegment.copy(
        plaintext, 0, memory, ValueLayout.JAVA_BYTE, Session.HEADER_LENGTH, plaintext.length);
    int length = session.seal(aead, memory, 0, plaintext.length);
    return memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** The plaintext of a data message, padding included. */
  byte[] opened(Received message) {
    Session session =
        device.sessionByIndex(
            ByteBuffer.wrap(message.octets()).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
    if (session == null) {
      throw new AssertionError("the datagram is of no session of ours");
    }
    MemorySegment.copy(
        message.octets(), 0, memory, ValueLayout.JAVA_BYTE, 0, message.octets().length);
    int length = session.open(aead, memory, 0, message.octets().length, now());
    if (length < 0) {
      throw new AssertionError("the datagram does not open: " + length);
    }
    Peer peer = session.peer();
    if (peer.dataReceived(session, 1, message.octets().length, length > 0, now())) {
      device.service(peer, now());
    }
    return memory.asSlice(Session.HEADER_LENGTH, length).toArray(ValueLayout.JAVA_BYTE);
  }

  void send(byte[] datagram) {
    datagrams.send(tunnelAt, 0, datagram);
  }

  Datagrams datagrams() {
    return datagrams;
  }

  Endpoint tunnelAt() {
    return tunnelAt;
  }

  /** The next data message that is no keepalive. */
  Received receiveData() {
    Received next = datagrams.receive();
    while (next.octets()[0] != DATA || next.octets().length == Session.OVERHEAD) {
      next = datagrams.receive();
    }
    return next;
  }

  @Override
  public void close() {
    device.down(now());
    datagrams.close();
    key.wipe();
  }
}
