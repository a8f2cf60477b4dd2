// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.Poller;
import io.gatehouse.linux.UdpReceiveBatch;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.CryptokeyRouter;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.protocol.Messages;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.Session;
import io.gatehouse.protocol.aead.Aead;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * UDP socket to TUN device, on its own thread: receive a batch, open each datagram in place, check
 * the inner source, join packets of a flow, write them. Handshake messages are copied to the
 * control thread's queue.
 */
final class ReceiveLoop implements Runnable {
  private static final int MESSAGES = 8;

  /** A GRO message is at most 64 KiB. */
  private static final int BUFFER = 65536;

  private static final ValueLayout.OfInt LE_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Device device;
  private final Aead aead;
  private final EventFd wake;
  private final SocketHandover sockets;
  private final HandshakeQueue handshakes;
  private final Runnable wakeControlForHandshake;
  private final Consumer<Peer> wakeControl;

  private final UdpReceiveBatch batch = new UdpReceiveBatch(MESSAGES, BUFFER);
  private final MemorySegment memory = batch.memory();
  private final Coalescer coalescer;

  private final Poller poller = new Poller(2);
  private final int wakeSlot;
  private final int socketSlot;
  private @Nullable UdpSocket polled;

  /** Datagrams that follow each other in one session are told to its peer together. */
  private @Nullable Session session;

  private int sessionPackets;
  private long sessionBytes;
  private boolean sessionPayload;

  private volatile boolean stopped;

  final Counter packets = new Counter();
  final Counter bytes = new Counter();
  final DropCounters drops;

  ReceiveLoop(
      PacketSink sink,
      Device device,
      Aead aead,
      EventFd wake,
      HandshakeQueue handshakes,
      Fallbacks fallbacks,
      Runnable wakeControlForHandshake,
      Consumer<Peer> wakeControl) {
    this.device = device;
    drops = new DropCounters(device);
    this.aead = aead;
    this.wake = wake;
    this.sockets = new SocketHandover(wake);
    this.handshakes = handshakes;
    this.wakeControlForHandshake = wakeControlForHandshake;
    this.wakeControl = wakeControl;
    coalescer =
        new Coalescer(
            memory,
            sink,
            fallbacks,
            (peer, n) -> drops.add(peer, DropReason.TUNNEL_WRITE_FAILED, n));
    wakeSlot = poller.add(wake.fd());
    socketSlot = poller.add(-1);
  }

  /** Control thread: the socket to receive by, or none. Returns when the loop has it. */
  void socket(@Nullable UdpSocket next) {
    sockets.replace(next);
  }

  /** Any thread: ends the loop soon. */
  void stop() {
    stopped = true;
    wake.signal();
  }

  /** Loop's thread: nothing is sent or received any more. */
  void end() {
    sockets.end();
  }

  /** Returns after {@link #stop}; may be run again after it threw. */
  @Override
  public void run() {
    coalescer.clear();
    session = null;
    while (!stopped) {
      turn();
    }
  }

  /** One receive, or the wait for one. Apart from the loop, see {@link TransmitLoop}. */
  private void turn() {
    UdpSocket socket = sockets.take();
    if (socket != polled) {
      poller.replace(socketSlot, socket == null ? -1 : socket.fd());
      polled = socket;
    }
    int count = socket == null ? 0 : batch.receive(socket);
    if (count > 0) {
      incoming(count);
    } else {
      // An error is of one datagram that a peer's host refused (ICMP); it is read by that call.
      poller.poll(-1);
      if (poller.readable(wakeSlot)) {
        wake.drain();
      }
    }
  }

  private void incoming(int count) {
    long now = System.nanoTime();
    for (int i = 0; i < count; i++) {
      if (batch.truncated(i)) {
        drops.add(DropReason.TOO_BIG, 1);
        continue;
      }
      long offset = batch.offset(i);
      int length = batch.length(i);
      int segment = Math.max(1, batch.segmentLength(i));
      int trafficClass = batch.trafficClass(i);
      int at = 0;
      do { // an empty datagram is one, too
        datagram(i, offset + at, Math.min(segment, length - at), trafficClass, now);
        at += segment;
      } while (at < length);
      tellPeer(i, now);
    }
    coalescer.flush();
  }

  private void datagram(int message, long at, int length, int trafficClass, long now) {
    if (length < Session.OVERHEAD) {
      drops.add(DropReason.MALFORMED, 1);
      return;
    }
    int type = memory.get(LE_INT, at);
    if (type != Messages.DATA) {
      handshake(message, at, length, type);
      return;
    }
    Session of = session;
    int index = memory.get(LE_INT, at + 4);
    if (of == null || of.localIndex() != index) {
      tellPeer(message, now);
      of = device.sessionByIndex(index);
      if (of == null) {
        drops.add(DropReason.UNKNOWN_INDEX, 1);
        return;
      }
      session = of;
    }
    int plaintext = of.open(aead, memory, at, length, now);
    if (plaintext < 0) {
      drops.add(of.peer(), DropReason.ofCode(plaintext), 1);
      return;
    }
    sessionPackets++;
    sessionBytes += length;
    if (plaintext > 0) {
      sessionPayload = true;
      inner(of.peer(), at + Session.HEADER_LENGTH, plaintext, trafficClass);
    }
  }

  /** Checks the inner packet and gives it to the coalescer without its padding. */
  private void inner(Peer peer, long ip, int plaintext, int trafficClass) {
    CryptokeyRouter router = device.router();
    int total;
    Peer owner;
    int version = Ip.version(memory, ip);
    if (version == 4 && plaintext >= Ip.V4_HEADER) {
      total = Ip.u16(memory, ip + Ip.V4_TOTAL_LENGTH);
      if (Ip.v4HeaderLength(memory, ip) < Ip.V4_HEADER || total < Ip.v4HeaderLength(memory, ip)) {
        total = Integer.MAX_VALUE;
      }
      owner = router.lookup4(Ip.i32(memory, ip + Ip.V4_SOURCE));
    } else if (version == 6 && plaintext >= Ip.V6_HEADER) {
      total = Ip.V6_HEADER + Ip.u16(memory, ip + Ip.V6_PAYLOAD_LENGTH);
      owner =
          router.lookup(Ip.i64(memory, ip + Ip.V6_SOURCE), Ip.i64(memory, ip + Ip.V6_SOURCE + 8));
    } else {
      drops.add(peer, DropReason.MALFORMED, 1);
      return;
    }
    if (total > plaintext) {
      drops.add(peer, DropReason.MALFORMED, 1);
      return;
    }
    if (owner != peer) {
      drops.add(peer, DropReason.SOURCE_NOT_ALLOWED, 1);
      return;
    }
    if ((trafficClass & Ip.ECN_MASK) != 0
        && !Ecn.decapsulate(memory, ip, version == 6, trafficClass)) {
      drops.add(peer, DropReason.MALFORMED, 1);
      return;
    }
    packets.add(1);
    bytes.add(total);
    coalescer.add(ip, total, peer);
  }

  private void handshake(int message, long at, int length, int type) {
    int expected = lengthOf(type);
    if (expected < 0) {
      drops.add(DropReason.UNKNOWN_TYPE, 1);
    } else if (length != expected) {
      drops.add(DropReason.MALFORMED, 1);
    } else if (handshakes.offer(
        memory,
        at,
        length,
        batch.addressHigh(message),
        batch.addressLow(message),
        batch.port(message),
        batch.scopeId(message),
        batch.localHigh(message),
        batch.localLow(message),
        batch.ifIndex(message))) {
      wakeControlForHandshake.run();
    } else {
      drops.add(DropReason.QUEUE_FULL, 1);
    }
  }

  private static int lengthOf(int type) {
    return switch (type) {
      case Messages.INITIATION -> Messages.INITIATION_LENGTH;
      case Messages.RESPONSE -> Messages.RESPONSE_LENGTH;
      case Messages.COOKIE_REPLY -> Messages.COOKIE_REPLY_LENGTH;
      default -> -1;
    };
  }

  /**
   * Tells the peer of the session's datagrams so far: timers, counters, and where they came from.
   */
  private void tellPeer(int message, long now) {
    Session of = session;
    session = null;
    if (of == null || sessionPackets == 0) {
      return;
    }
    Peer peer = of.peer();
    peer.roam(
        batch.addressHigh(message),
        batch.addressLow(message),
        batch.port(message),
        batch.scopeId(message),
        batch.localHigh(message),
        batch.localLow(message),
        batch.ifIndex(message));
    if (peer.dataReceived(of, sessionPackets, sessionBytes, sessionPayload, now)) {
      wakeControl.accept(peer);
    }
    sessionPackets = 0;
    sessionBytes = 0;
    sessionPayload = false;
  }
}
