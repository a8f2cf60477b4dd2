// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.UdpSendBatch;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.Session;
import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.TextPart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Packets on their way into the network: each is cut to where it will be sent from and sealed
 * there, and datagrams of one length and for one peer that follow each other leave as one run.
 *
 * <p>For one thread at a time; allocates nothing after its making.
 */
final class SealedRuns {
  /** The longest IP packet that fits a datagram. */
  static final int MAX_INNER = UdpSendBatch.MAX_RUN_LENGTH - Session.OVERHEAD;

  /** Most runs between two {@link #flush}. */
  static final int MAX_RUNS = 128;

  /** The kernel's UDP_MAX_SEGMENTS of every version. */
  private static final int MAX_SEGMENTS = 64;

  private static final TextPart NOTHING_ELSEWHERE = new TextPart();

  private static final int EINVAL = 22;
  private static final int ENETUNREACH = 101;
  private static final int EADDRNOTAVAIL = 99;
  private static final int EMSGSIZE = 90;

  private final int size;
  private final MemorySegment out;
  private final SentCounter counter;
  private final DropCounters drops;
  private final Fallbacks fallbacks;
  private final UdpSendBatch batch = new UdpSendBatch(MAX_RUNS);
  private final Peer[] batchPeers = new Peer[MAX_RUNS];
  private final Endpoint[] batchEndpoints = new Endpoint[MAX_RUNS];

  private @Nullable UdpSocket socket;
  private int maxSegments;
  private int mtu;
  private long position;
  private long fallbacksTold;

  private @Nullable Peer runPeer;
  private long runStart;
  private int runLength;
  private int runSegment;
  private int runCount;
  private int runTrafficClass;
  private boolean runClosed;

  /**
   * None yet.
   *
   * @param size octets of datagrams that may lie ready; at least one of the greatest length
   * @param counter told of datagrams that the socket took
   * @param drops told of packets that went no further
   * @param fallbacks told of runs that the kernel refused and whose datagrams it took
   */
  SealedRuns(int size, SentCounter counter, DropCounters drops, Fallbacks fallbacks) {
    this.size = size;
    this.counter = counter;
    this.drops = drops;
    this.fallbacks = fallbacks;
    out = Arena.ofAuto().allocate(size, 64);
  }

  /**
   * What holds for the datagrams to come.
   *
   * @param by what they will be sent by; with none, none may be made
   * @param mtu padding stops at this many octets of inner packet; 0 when not known
   */
  void use(@Nullable UdpSocket by, int mtu) {
    socket = by;
    maxSegments = by != null && by.gso() ? MAX_SEGMENTS : 1;
    this.mtu = mtu;
  }

  /** Where packets are cut to and sealed. */
  MemorySegment out() {
    return out;
  }

  /** Octets of datagrams that lie ready. */
  long position() {
    return position;
  }

  /** Where one whole packet may be written that is not to be sent from there. */
  long room(int length) {
    // What lies beyond the position is free, also while a run is open.
    if (position + length > size) {
      flush();
    }
    return position;
  }

  /** The greatest length of a datagram with a packet of this length. */
  int longest(int packet) {
    return Session.OVERHEAD + padded(packet);
  }

  /** At most how many more runs there are with so many more datagrams of at most this length. */
  int runs(int datagrams, int longest) {
    int inOne = Math.clamp(UdpSendBatch.MAX_RUN_LENGTH / longest, 1, maxSegments);
    return 1 + (datagrams - 1) / inOne;
  }

  /**
   * Cuts and seals all packets of what a segmenter has taken up.
   *
   * @param counter the first of as many reserved counters
   * @return octets of the datagrams; none of one whose session has ended meanwhile
   */
  long add(Aead aead, Segmenter segmenter, int count, Peer peer, Session session, long counter) {
    int trafficClass = segmenter.outerTrafficClass();
    int longest = longest(segmenter.longest());
    long octets = 0;
    for (int i = 0; i < count; i++) {
      ready(peer, trafficClass, longest);
      int length = segmenter.cut(i, out, position + Session.HEADER_LENGTH);
      octets += seal(aead, session, length, counter + i, segmenter.part());
    }
    return octets;
  }

  /**
   * Seals one whole packet.
   *
   * @param packet native or not; empty for a keepalive
   * @return octets of the datagram, 0 when the session has ended meanwhile
   */
  int add(
      Aead aead, MemorySegment packet, int trafficClass, Peer peer, Session session, long counter) {
    int length = (int) packet.byteSize();
    ready(peer, trafficClass, longest(length));
    MemorySegment.copy(packet, 0, out, position + Session.HEADER_LENGTH, length);
    return seal(aead, session, length, counter, NOTHING_ELSEWHERE);
  }

  /** Makes room for one more datagram of at most {@code longest} octets at the position. */
  private void ready(Peer peer, int trafficClass, int longest) {
    if (runCount > 0
        && (peer != runPeer
            || runClosed
            || trafficClass != runTrafficClass
            || longest > runSegment
            || runLength + longest > UdpSendBatch.MAX_RUN_LENGTH)) {
      closeRun();
    }
    if (position + longest > size) {
      flush();
    }
    if (runCount == 0) {
      runPeer = peer;
      runTrafficClass = trafficClass;
      runStart = position;
      runLength = 0;
      runSegment = 0;
      runClosed = false;
    }
  }

  /**
   * Pads and seals the packet that stands at the position, after the room for the header, and
   * appends it to the run.
   */
  private int seal(Aead aead, Session session, int length, long counter, TextPart part) {
    long plaintext = position + Session.HEADER_LENGTH;
    int padded = padded(length);
    for (int i = length; i < padded; i++) {
      out.set(ValueLayout.JAVA_BYTE, plaintext + i, (byte) 0);
    }
    int datagram = session.seal(aead, out, position, padded, counter, part);
    if (datagram < 0) {
      drops.add(session.peer(), DropReason.ofCode(datagram), 1);
      return 0;
    }
    if (runCount == 0) {
      runSegment = datagram;
    }
    runCount++;
    runLength += datagram;
    position += datagram;
    // Only the last datagram of a run may be shorter (udp(7), UDP_SEGMENT).
    runClosed = datagram < runSegment || runCount == maxSegments;
    return datagram;
  }

  /** Zeros up to a multiple of 16, never above the MTU (paper, 5.4.6). */
  private int padded(int length) {
    int limit = mtu;
    int last = limit > 0 && length > limit ? length % limit : length;
    int up = last + 15 & ~15;
    return Math.min(MAX_INNER, length - last + (limit > 0 ? Math.min(limit, up) : up));
  }

  /** Ends the run that is open. */
  void closeRun() {
    if (runCount == 0) {
      return;
    }
    Peer peer = runPeer;
    Endpoint to = peer == null ? null : peer.endpoint();
    if (peer == null || to == null) {
      drops.add(peer, DropReason.NO_ENDPOINT, runCount);
    } else {
      batchPeers[batch.count()] = peer;
      batchEndpoints[batch.count()] = to;
      batch.add(
          out,
          runStart,
          runLength,
          runSegment,
          to.addressHigh(),
          to.addressLow(),
          to.port(),
          to.scopeId(),
          to.sourceHigh(),
          to.sourceLow(),
          // An interface would force the way out; only a link-local address needs one.
          to.scopeId() == 0 ? 0 : to.sourceIfIndex(),
          runTrafficClass);
    }
    runCount = 0;
    if (batch.isFull()) {
      send();
    }
  }

  /** Sends all that lies ready. */
  void flush() {
    closeRun();
    send();
    position = 0;
  }

  /** Forgets all that lies ready. */
  void clear() {
    runCount = 0;
    position = 0;
  }

  private void send() {
    int runs = batch.count();
    if (runs == 0) {
      return;
    }
    UdpSocket by = socket;
    if (by == null) {
      // Cannot be: packets are staged while there is no socket.
      throw new IllegalStateException("datagrams without a socket");
    }
    int result = batch.flush(by);
    countSent(runs);
    if (batch.fallbacks() != fallbacksTold) {
      fallbacks.add(Offload.UDP_GSO, batch.fallbacks() - fallbacksTold, batch.fallbackError());
      fallbacksTold = batch.fallbacks();
    }
    if (result >= 0) {
      return;
    }
    for (int i = 0; i < runs; i++) {
      int errno = batch.error(i);
      Endpoint used = batchEndpoints[i];
      if (isSourceGone(errno, used)) {
        // Let the system choose another one, for this run too.
        batchPeers[i].forgetSource(used);
        batchPeers[batch.count()] = batchPeers[i];
        batch.againWithoutSource(i);
      } else {
        unsent(i, errno);
      }
    }
    int again = batch.count();
    if (again == 0) {
      return;
    }
    result = batch.flush(by);
    countSent(again);
    if (result < 0) {
      for (int i = 0; i < again; i++) {
        unsent(i, batch.error(i));
      }
    }
  }

  private void countSent(int runs) {
    long datagrams = 0;
    long octets = 0;
    for (int i = 0; i < runs; i++) {
      datagrams += batch.sent(i);
      octets += batch.sentOctets(i);
    }
    counter.add(datagrams, octets);
  }

  private void unsent(int run, int errno) {
    if (errno != 0) {
      drops.add(
          batchPeers[run],
          errno == EMSGSIZE ? DropReason.TOO_BIG : DropReason.SOCKET_FAILED,
          batch.unsent(run));
    }
  }

  /** Whether a datagram was refused because the address it should leave from is no longer ours. */
  private static boolean isSourceGone(int errno, Endpoint used) {
    return (errno == EINVAL || errno == ENETUNREACH || errno == EADDRNOTAVAIL)
        && (used.sourceHigh() | used.sourceLow()) != 0;
  }
}
