// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import io.gatehouse.daemon.simulate.Habit.Moment;
import io.gatehouse.daemon.simulate.Scenario.Role;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceOutput;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Messages;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.Session;
import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.wgquick.Prefix;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A peer at the other end: the same protocol as the gateway's, one packet at a time, over a socket
 * on loopback. For one thread.
 */
final class SyntheticPeer implements DeviceOutput, AutoCloseable {
  private static final Logger LOG = System.getLogger(SyntheticPeer.class.getName());
  private static final int ROOM = 2048;
  private static final int STAGED = 16;
  private static final int TICKS_A_SECOND = 1000 / SyntheticPeers.TICK_MILLIS;
  private static final ValueLayout.OfInt LE_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Role role;
  private final int number;
  private final Selector selector;
  private final Aead aead;
  private final Device device;
  private final Peer gateway;
  private final InetSocketAddress gatewayAddress;
  private final Mischief mischief = new Mischief(this);
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(ROOM);
  private final MemorySegment received = MemorySegment.ofBuffer(datagram);
  private final MemorySegment packet = Arena.ofAuto().allocate(ROOM, 16);
  private final Deque<byte[]> staged = new ArrayDeque<>();
  private @Nullable DatagramChannel channel;
  private int place = -1;

  /**
   * One that is not there yet.
   *
   * @param number of the peer, which its addresses begin with
   * @param now monotonic, ns
   */
  SyntheticPeer(Role role, int number, Selector selector, Aead aead, long now) {
    this.role = role;
    this.number = number;
    this.selector = selector;
    this.aead = aead;
    gatewayAddress = loopback(1, role.gatewayPort());
    device = new Device(this, new SecureRandom(), Instant::now, now);
    device.apply(
        new DeviceChange(
            Optional.of(role.key()),
            OptionalInt.empty(),
            OptionalInt.empty(),
            false,
            List.of(
                new PeerChange(
                    role.gateway(),
                    false,
                    false,
                    Optional.of(role.presharedKey()),
                    Optional.of(Endpoint.of(gatewayAddress)),
                    OptionalInt.empty(),
                    true,
                    List.of(new PeerChange.AllowedIpChange(Prefix.parse("0.0.0.0/0"), false))))),
        now);
    gateway = device.peers().getFirst();
  }

  /**
   * Does what is to be done in a tick.
   *
   * @param tick number of the tick since the beginning
   * @param now monotonic, ns
   */
  void tick(long tick, long now) throws IOException {
    long second = tick / TICKS_A_SECOND;
    Moment moment = role.habit().at(second, role.phase());
    if (!moment.online()) {
      leave(now);
      return;
    }
    be(moment.place(), now);
    if (moment.sends() > 0) {
      ask(moment.sends() / TICKS_A_SECOND, moment.wants() / TICKS_A_SECOND, now);
    }
    if (moment.mischief() && tick % TICKS_A_SECOND == 0) {
      mischief.commit(second, now);
    }
    var _ = device.advance(now);
  }

  /** Is at a place: a socket of its own, as a phone has in another network. */
  private void be(int where, long now) throws IOException {
    if (channel != null && place == where) {
      return;
    }
    boolean comes = channel == null;
    closeSocket();
    place = where;
    // A site has an address that the gateway's file names, people have one for each place.
    InetSocketAddress address =
        role.port() != 0
            ? loopback(1, role.port())
            : loopback(2 + (number * 16 + Math.floorMod(where, 16)) % 250, 0);
    DatagramChannel opened = DatagramChannel.open();
    try {
      opened.configureBlocking(false);
      opened.bind(address);
      var _ = opened.register(selector, SelectionKey.OP_READ, this);
    } catch (IOException e) {
      opened.close();
      throw new IOException(role.name() + " cannot use " + address + ": " + e.getMessage(), e);
    }
    channel = opened;
    if (comes) {
      device.up(now);
    }
  }

  private void leave(long now) throws IOException {
    if (channel != null) {
      closeSocket();
      staged.clear();
      device.down(now);
    }
  }

  private void closeSocket() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  private void ask(int octets, int wanted, long now) {
    int length =
        InnerPacket.ask(packet, 0, role.inside(), role.asks(), octets, Math.max(0, wanted));
    send(packet.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), now);
  }

  /** Sends an inner packet, as soon as there is a session. */
  void send(byte[] inner, long now) {
    if (staged.size() == STAGED) {
      staged.remove();
    }
    staged.add(inner);
    transmit(now);
  }

  /** Where it is in the tunnel. */
  InetAddress inside() {
    return role.inside();
  }

  /** Whom it asks. */
  InetAddress asks() {
    return role.asks();
  }

  /** Puts a datagram on the wire as it is. */
  void throwAtGateway(byte[] octets) {
    if (channel == null) {
      return;
    }
    try {
      int _ = channel.send(ByteBuffer.wrap(octets), gatewayAddress);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, role.name() + ": " + e.getMessage());
    }
  }

  /** Takes what has come. */
  void receive(long now) throws IOException {
    while (channel != null) {
      datagram.clear();
      if (!(channel.receive(datagram) instanceof InetSocketAddress from)) {
        return;
      }
      received(datagram.position(), Endpoint.of(from), now);
    }
  }

  private void received(int length, Endpoint from, long now) {
    if (length < Session.OVERHEAD) {
      return;
    }
    if (received.get(LE_INT, 0) != Messages.DATA) {
      byte[] message = received.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      device.receive(message, length, from, false, now);
      return;
    }
    Session session = device.sessionByIndex(received.get(LE_INT, 4));
    int plaintext = session == null ? -1 : session.open(aead, received, 0, length, now);
    if (session == null || plaintext < 0) {
      return;
    }
    if (gateway.dataReceived(session, 1, length, plaintext > 0, now)) {
      device.service(gateway, now);
    }
    if (plaintext > 0) {
      MemorySegment inner = received.asSlice(Session.HEADER_LENGTH, plaintext);
      InnerPacket.answers(
          inner, plaintext, answer -> send(answer.toArray(ValueLayout.JAVA_BYTE), now));
    }
  }

  private void transmit(long now) {
    Session session = gateway.sendingSession(now);
    if (session == null) {
      if (!staged.isEmpty() && gateway.requestHandshake()) {
        device.service(gateway, now);
      }
      return;
    }
    if (gateway.takeKeepaliveRequest() && staged.isEmpty()) {
      seal(session, new byte[0], now);
    }
    for (byte[] inner = staged.poll(); inner != null; inner = staged.poll()) {
      seal(session, inner, now);
    }
  }

  private void seal(Session session, byte[] inner, long now) {
    int padded = inner.length + 15 & ~15;
    packet.asSlice(0, Session.OVERHEAD + padded).fill((byte) 0);
    MemorySegment.copy(
        inner, 0, packet, ValueLayout.JAVA_BYTE, Session.HEADER_LENGTH, inner.length);
    int length = session.seal(aead, packet, 0, padded);
    if (length > 0) {
      byte[] octets = packet.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      mischief.see(octets);
      throwAtGateway(octets);
      if (gateway.dataSent(session, 1, length, inner.length > 0, now)) {
        device.service(gateway, now);
      }
    }
  }

  @Override
  public boolean sendHandshake(byte[] message, Endpoint to) {
    throwAtGateway(message);
    return channel != null;
  }

  @Override
  public void wakeTransmit(Peer peer) {
    if (peer.equals(gateway)) {
      transmit(System.nanoTime());
    }
  }

  @Override
  public void close() throws IOException {
    closeSocket();
  }

  private static InetSocketAddress loopback(int last, int port) {
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), port);
    } catch (UnknownHostException e) {
      throw new AssertionError("four octets are an address", e);
    }
  }
}
