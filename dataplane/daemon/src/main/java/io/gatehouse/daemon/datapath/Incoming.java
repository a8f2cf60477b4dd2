// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

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
 * Datagrams received by one call, on their way to the TUN device: each is opened in place, its
 * counter and its inner source are checked, packets of a flow are joined and written. Handshake
 * messages are copied to the control thread's queue.
 *
 * <p>Opening may be done ahead by any thread ({@link #work}); everything else, and the opening of
 * what was not opened ahead, is done in turn ({@link #leave}). For one thread at a time; allocates
 * nothing after its making.
 */
final class Incoming implements Pipeline.Batch {
  private static final int MESSAGES = 8;

  /** A GRO message is at most 64 KiB. */
  private static final int BUFFER = 65536;

  /** Datagrams that can be opened ahead; more than full messages have. */
  private static final int MAX_AHEAD = MESSAGES * 128;

  private static final ValueLayout.OfInt LE_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Where packets and news of them go: the same for all batches of a loop.
   *
   * @param sink takes packets
   * @param device whose sessions and peers they are
   * @param handshakes takes handshake messages
   * @param handshakeWaits told after each of them
   * @param wakeControl told of peers that the control thread must look after
   * @param fallbacks told of super-packets that the sink refused and whose packets it took
   * @param packets counts packets given to the sink
   * @param bytes their octets
   * @param drops all others
   */
  record Destination(
      PacketSink sink,
      Device device,
      HandshakeQueue handshakes,
      Runnable handshakeWaits,
      Consumer<Peer> wakeControl,
      Fallbacks fallbacks,
      Counter packets,
      Counter bytes,
      DropCounters drops) {}

  private final Device device;
  private final HandshakeQueue handshakes;
  private final Runnable wakeControlForHandshake;
  private final Consumer<Peer> wakeControl;
  private final Counter packets;
  private final Counter bytes;
  private final DropCounters drops;

  private final UdpReceiveBatch batch = new UdpReceiveBatch(MESSAGES, BUFFER);
  private final MemorySegment memory = batch.memory();
  private final Coalescer coalescer;
  private int count;
  private long now;

  /** What opening the first datagrams came to, see {@link Session#decrypt}. */
  private final int[] results = new int[MAX_AHEAD];

  /** How many datagrams were opened ahead. */
  private int ahead;

  /** Datagrams looked at in turn. */
  private int seen;

  /** Datagrams that follow each other in one session are told to its peer together. */
  private @Nullable Session session;

  private int sessionPackets;
  private long sessionBytes;
  private boolean sessionPayload;

  Incoming(Destination to) {
    device = to.device;
    handshakes = to.handshakes;
    wakeControlForHandshake = to.handshakeWaits;
    wakeControl = to.wakeControl;
    packets = to.packets;
    bytes = to.bytes;
    drops = to.drops;
    coalescer =
        new Coalescer(
            memory,
            to.sink,
            to.fallbacks,
            (peer, n) -> drops.add(peer, DropReason.TUNNEL_WRITE_FAILED, n));
  }

  /** Receives anew. Returns how many messages came, or {@code -errno}. */
  int receive(UdpSocket socket) {
    coalescer.clear();
    session = null;
    sessionPackets = 0;
    sessionBytes = 0;
    sessionPayload = false;
    ahead = 0;
    count = 0;
    int received = batch.receive(socket);
    if (received > 0) {
      count = received;
      now = System.nanoTime();
    }
    return received;
  }

  /** Octets of all datagrams. */
  int octets() {
    int octets = 0;
    for (int i = 0; i < count; i++) {
      octets += batch.length(i);
    }
    return octets;
  }

  /** Whether there is one datagram and no more. */
  boolean isOne() {
    return count == 1 && batch.length(0) <= batch.segmentLength(0);
  }

  /** How many datagrams there are. */
  int datagrams() {
    int datagrams = 0;
    for (int i = 0; i < count; i++) {
      int segment = Math.max(1, batch.segmentLength(i));
      datagrams += Math.max(1, (batch.length(i) + segment - 1) / segment);
    }
    return datagrams;
  }

  @Override
  public void work(Aead aead) {
    Session of = null;
    int done = 0;
    for (int i = 0; i < count; i++) {
      if (batch.truncated(i)) {
        continue;
      }
      long offset = batch.offset(i);
      int length = batch.length(i);
      int segment = Math.max(1, batch.segmentLength(i));
      int at = 0;
      do { // the same walk as in leave
        if (done == MAX_AHEAD) {
          return;
        }
        long datagram = offset + at;
        int octets = Math.min(segment, length - at);
        if (octets >= Session.OVERHEAD && memory.get(LE_INT, datagram) == Messages.DATA) {
          int index = memory.get(LE_INT, datagram + 4);
          if (of == null || of.localIndex() != index) {
            of = device.sessionByIndex(index);
          }
          results[done] =
              of == null
                  ? DropReason.UNKNOWN_INDEX.code()
                  : of.decrypt(aead, memory, datagram, octets, now);
        }
        ahead = ++done;
        at += segment;
      } while (at < length);
    }
  }

  @Override
  public void leave(Aead aead) {
    seen = 0;
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
        datagram(aead, i, offset + at, Math.min(segment, length - at), trafficClass);
        seen++;
        at += segment;
      } while (at < length);
      tellPeer(i);
    }
    coalescer.flush();
  }

  private void datagram(Aead aead, int message, long at, int length, int trafficClass) {
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
      tellPeer(message);
      of = device.sessionByIndex(index);
      if (of == null) {
        drops.add(DropReason.UNKNOWN_INDEX, 1);
        return;
      }
      session = of;
    }
    int plaintext = open(aead, of, at, length);
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

  private int open(Aead aead, Session of, long at, int length) {
    if (seen >= ahead) {
      return of.open(aead, memory, at, length, now);
    }
    int plaintext = results[seen];
    return plaintext < 0 || of.accept(memory, at) ? plaintext : DropReason.REPLAYED.code();
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
  private void tellPeer(int message) {
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
