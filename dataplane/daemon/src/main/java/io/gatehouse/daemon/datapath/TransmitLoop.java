// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.Poller;
import io.gatehouse.linux.UdpSendBatch;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.CryptokeyRouter;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.Session;
import io.gatehouse.protocol.aead.Aead;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * TUN device to UDP socket, on its own thread: read a super-packet, find the peer, cut, seal each
 * segment where it will be sent from, send runs of equal datagrams with one system call.
 *
 * <p>Also sends what is rare: keepalives and packets that waited for a handshake.
 */
final class TransmitLoop implements Runnable {
  /** The longest IP packet and the virtio header. */
  private static final int READ = 65535 + VirtioNetHeader.LENGTH;

  /** Datagrams lie in here until they are sent; one super-packet and what was before it fit. */
  private static final int OUT = 4 * 65536;

  /**
   * Sent at the latest when so much lies ready: a first run should travel while the next is cut.
   */
  private static final int FLUSH_AT = 48 * 1024;

  /** The longest IP packet that fits a datagram. */
  private static final int MAX_INNER = UdpSendBatch.MAX_RUN_LENGTH - Session.OVERHEAD;

  /** The kernel's UDP_MAX_SEGMENTS of every version. */
  private static final int MAX_SEGMENTS = 64;

  private static final int MAX_MESSAGES = 128;

  /** Packets that wait for a handshake, of one peer; beyond, the oldest goes. */
  private static final int MAX_STAGED = 128;

  private static final int EINVAL = 22;
  private static final int EBADFD = 77;
  private static final int ENETUNREACH = 101;
  private static final int EADDRNOTAVAIL = 99;
  private static final int EIO = 5;
  private static final int EMSGSIZE = 90;

  private final PacketSource source;
  private final Unreachable unreachable;
  private final boolean vnetHeader;
  private final Device device;
  private final Aead aead;
  private final Fallbacks fallbacks;
  private final Consumer<Peer> wakeControl;
  private final EventFd wake;
  private final SocketHandover sockets;
  private final ConcurrentLinkedQueue<Peer> woken = new ConcurrentLinkedQueue<>();

  private final MemorySegment in = Arena.ofAuto().allocate(READ + 64, 64);
  private final MemorySegment out = Arena.ofAuto().allocate(OUT, 64);
  private final Segmenter segmenter = new Segmenter(in);
  private final UdpSendBatch batch = new UdpSendBatch(MAX_MESSAGES);
  private final Peer[] batchPeers = new Peer[MAX_MESSAGES];
  private final Endpoint[] batchEndpoints = new Endpoint[MAX_MESSAGES];
  private final Map<Peer, Staged> staged = new HashMap<>();

  /**
   * Packets that wait for a session.
   *
   * @param dropRequests {@link Peer#dropStagedRequests} when the first of them came
   */
  private record Staged(int dropRequests, ArrayDeque<byte[]> packets) {}

  private final Poller poller = new Poller(2);
  private final int sourceSlot;
  private final int wakeSlot;

  private @Nullable UdpSocket socket;
  private long outPosition;
  private long fallbacksTold;

  private @Nullable Peer runPeer;
  private long runStart;
  private int runLength;
  private int runSegment;
  private int runCount;
  private int runTrafficClass;
  private boolean runClosed;

  /** How many peers have packets waiting; this thread alone writes. */
  private volatile int stagedPeers;

  private volatile int mtu;
  private volatile boolean stopped;

  final Counter packets = new Counter();
  final Counter bytes = new Counter();
  final DropCounters drops;

  TransmitLoop(
      PacketSource source,
      PacketSink back,
      Device device,
      Aead aead,
      EventFd wake,
      Fallbacks fallbacks,
      Consumer<Peer> wakeControl) {
    this.source = source;
    unreachable = new Unreachable(back, System.nanoTime());
    vnetHeader = source.vnetHeader();
    this.device = device;
    drops = new DropCounters(device);
    this.aead = aead;
    this.wake = wake;
    this.fallbacks = fallbacks;
    this.wakeControl = wakeControl;
    this.sockets = new SocketHandover(wake);
    sourceSlot = poller.add(source.fd());
    wakeSlot = poller.add(wake.fd());
  }

  /** Any thread: padding stops at this many octets of inner packet. */
  void mtu(int mtu) {
    this.mtu = mtu;
  }

  /** Control thread: the socket to send by, or none. Returns when the loop has it. */
  void socket(@Nullable UdpSocket next) {
    sockets.replace(next);
  }

  /** Any thread: look after this peer ({@link io.gatehouse.protocol.DeviceOutput#wakeTransmit}). */
  void wake(Peer peer) {
    woken.add(peer);
    wake.signal();
  }

  /**
   * Any thread: whether packets of some peer wait here for a session. Who stages a packet asks for
   * the handshake afterwards, so what is asked for cannot be missed by who looks here when it is
   * there.
   */
  boolean hasStaged() {
    return stagedPeers > 0;
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
    runCount = 0;
    outPosition = 0;
    poller.replace(sourceSlot, source.fd());
    while (!stopped) {
      turn();
    }
  }

  /**
   * One read, or the wait for one. Apart from the loop: the VM puts compiled code in place when a
   * method is called, and a loop that began before it was compiled would stay slow for long.
   */
  private void turn() {
    if (sockets.isPending()) {
      flush();
    }
    socket = sockets.take();
    if (!woken.isEmpty()) {
      serveWoken();
    }
    int read = source.read(in, 0, READ);
    if (read > 0) {
      outgoing(read);
      if (outPosition >= FLUSH_AT) {
        flush();
      }
      return;
    }
    flush();
    if (read < 0 && read != -EIO && read != -EBADFD) {
      // The kernel had a packet and could not hand it over.
      drops.add(DropReason.MALFORMED, 1);
    }
    if (read == -EBADFD) {
      // The interface is gone or going; the control thread hears of it by netlink. Without this
      // the loop would spin on a descriptor that is always ready.
      poller.replace(sourceSlot, -1);
    }
    poller.poll(-1);
    if (poller.readable(wakeSlot)) {
      wake.drain();
    }
  }

  /** Takes one read through: to the peer's run, or to its staged packets. */
  private void outgoing(int read) {
    int count = segmenter.load(0, vnetHeader, read);
    if (count == 0) {
      drops.add(DropReason.MALFORMED, 1);
      return;
    }
    long ip = segmenter.ip();
    packets.add(count);
    bytes.add(read - (vnetHeader ? VirtioNetHeader.LENGTH : 0));
    CryptokeyRouter router = device.router();
    Peer peer =
        segmenter.ipv6()
            ? router.lookup(
                Ip.i64(in, ip + Ip.V6_DESTINATION), Ip.i64(in, ip + Ip.V6_DESTINATION + 8))
            : router.lookup4(Ip.i32(in, ip + Ip.V4_DESTINATION));
    long now = System.nanoTime();
    if (peer == null) {
      drops.add(DropReason.NO_PEER_FOR_DESTINATION, count);
      refuse(now);
      return;
    }
    if (peer.endpoint() == null) {
      drops.add(peer, DropReason.NO_ENDPOINT, count);
      refuse(now);
      return;
    }
    if (segmenter.longest() > MAX_INNER) {
      drops.add(peer, DropReason.TOO_BIG, count);
      return;
    }
    Session session = peer.sendingSession(now);
    if (session == null || socket == null) {
      stage(peer, count);
      return;
    }
    if (!staged.isEmpty()) {
      sendStaged(peer, session, now);
    }
    long counter = session.reserve(count);
    if (counter == Session.NO_COUNTER) {
      stage(peer, count);
      return;
    }
    int trafficClass = Ecn.encapsulate(in, ip, segmenter.ipv6());
    int longest = Session.OVERHEAD + padded(segmenter.longest());
    long sent = 0;
    for (int i = 0; i < count; i++) {
      ready(peer, trafficClass, longest);
      int length = segmenter.write(i, out, outPosition + Session.HEADER_LENGTH);
      sent += seal(session, length, counter + i);
    }
    if (peer.dataSent(session, count, sent, true, now)) {
      wakeControl.accept(peer);
    }
  }

  /** Tells the sender of the packet taken up that it has no way. */
  private void refuse(long now) {
    if (unreachable.allowed(now)) {
      long at = room();
      unreachable.answer(out, at, segmenter.write(0, out, at), segmenter.ipv6());
    }
  }

  /** Where in the out buffer one whole packet may be written that is not to be sent from there. */
  private long room() {
    // What lies beyond the position is free, also while a run is open.
    if (outPosition + READ > OUT) {
      flush();
    }
    return outPosition;
  }

  /** Makes room for one more datagram of at most {@code longest} octets at the out position. */
  private void ready(Peer peer, int trafficClass, int longest) {
    if (runCount > 0
        && (peer != runPeer
            || runClosed
            || trafficClass != runTrafficClass
            || longest > runSegment
            || runLength + longest > UdpSendBatch.MAX_RUN_LENGTH)) {
      closeRun();
    }
    if (outPosition + longest > OUT) {
      closeRun();
      flush();
    }
    if (runCount == 0) {
      runPeer = peer;
      runTrafficClass = trafficClass;
      runStart = outPosition;
      runLength = 0;
      runSegment = 0;
      runClosed = false;
    }
  }

  /**
   * Pads and seals the packet that stands at the out position, after the room for the header, and
   * appends it to the run.
   *
   * @return octets of the datagram, 0 when the session has ended meanwhile
   */
  private int seal(Session session, int length, long counter) {
    long plaintext = outPosition + Session.HEADER_LENGTH;
    int padded = padded(length);
    for (int i = length; i < padded; i++) {
      out.set(ValueLayout.JAVA_BYTE, plaintext + i, (byte) 0);
    }
    int datagram = session.seal(aead, out, outPosition, padded, counter);
    if (datagram < 0) {
      drops.add(session.peer(), DropReason.ofCode(datagram), 1);
      return 0;
    }
    if (runCount == 0) {
      runSegment = datagram;
    }
    runCount++;
    runLength += datagram;
    outPosition += datagram;
    // Only the last datagram of a run may be shorter (udp(7), UDP_SEGMENT).
    runClosed = datagram < runSegment || runCount == maxSegments();
    return datagram;
  }

  private int maxSegments() {
    UdpSocket s = socket;
    return s != null && s.gso() ? MAX_SEGMENTS : 1;
  }

  /** Zeros up to a multiple of 16, never above the MTU (paper, 5.4.6). */
  private int padded(int length) {
    int limit = mtu;
    int last = limit > 0 && length > limit ? length % limit : length;
    int up = last + 15 & ~15;
    return Math.min(MAX_INNER, length - last + (limit > 0 ? Math.min(limit, up) : up));
  }

  private void closeRun() {
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

  private void flush() {
    closeRun();
    send();
    outPosition = 0;
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
    if (again > 0 && batch.flush(by) < 0) {
      for (int i = 0; i < again; i++) {
        unsent(i, batch.error(i));
      }
    }
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

  private void stage(Peer peer, int count) {
    ArrayDeque<byte[]> queue =
        staged
            .computeIfAbsent(peer, p -> new Staged(p.dropStagedRequests(), new ArrayDeque<>()))
            .packets();
    for (int i = 0; i < count; i++) {
      long at = room();
      int length = segmenter.write(i, out, at);
      byte[] packet = new byte[length];
      MemorySegment.copy(out, ValueLayout.JAVA_BYTE, at, packet, 0, length);
      if (queue.size() == MAX_STAGED) {
        queue.remove();
        drops.add(peer, DropReason.QUEUE_FULL, 1);
      }
      queue.add(packet);
    }
    stagedPeers = staged.size();
    if (peer.isRemoved()) {
      // Taken away since it was looked up; who takes it away asks for this only once.
      dropStaged(peer);
    } else if (peer.requestHandshake()) {
      wakeControl.accept(peer);
    }
  }

  private @Nullable Staged unstage(Peer peer) {
    Staged waiting = staged.remove(peer);
    stagedPeers = staged.size();
    return waiting;
  }

  private void dropStaged(Peer peer) {
    Staged waiting = unstage(peer);
    if (waiting != null) {
      drops.add(
          peer,
          peer.isRemoved() ? DropReason.UNKNOWN_PEER : DropReason.HANDSHAKE_TIMEOUT,
          waiting.packets().size());
    }
  }

  /** Sends what waited for this session. Returns whether anything was sent. */
  private boolean sendStaged(Peer peer, Session session, long now) {
    Staged waiting = staged.get(peer);
    if (waiting == null) {
      return false;
    }
    ArrayDeque<byte[]> queue = waiting.packets();
    long counter = session.reserve(queue.size());
    if (counter == Session.NO_COUNTER) {
      return false;
    }
    unstage(peer);
    long sent = 0;
    for (byte[] packet : queue) {
      MemorySegment waited = MemorySegment.ofArray(packet);
      int trafficClass = Ecn.encapsulate(waited, 0, Ip.version(waited, 0) == 6);
      ready(peer, trafficClass, Session.OVERHEAD + padded(packet.length));
      MemorySegment.copy(waited, 0, out, outPosition + Session.HEADER_LENGTH, packet.length);
      sent += seal(session, packet.length, counter++);
    }
    if (peer.dataSent(session, queue.size(), sent, true, now)) {
      wakeControl.accept(peer);
    }
    return true;
  }

  private void serveWoken() {
    for (Peer peer = woken.poll(); peer != null; peer = woken.poll()) {
      serve(peer);
    }
  }

  private void serve(Peer peer) {
    Staged before = staged.get(peer);
    if (before != null && before.dropRequests() != peer.dropStagedRequests()) {
      dropStaged(peer);
    }
    long now = System.nanoTime();
    boolean keepalive = peer.takeKeepaliveRequest();
    boolean waiting = staged.containsKey(peer);
    if (!keepalive && !waiting || socket == null) {
      return;
    }
    Session session = peer.sendingSession(now);
    if (session == null) {
      if (peer.requestHandshake()) {
        wakeControl.accept(peer);
      }
      return;
    }
    // Staged data confirms a session as well as a keepalive does.
    if (!sendStaged(peer, session, now) && keepalive) {
      long counter = session.reserve(1);
      if (counter == Session.NO_COUNTER) {
        return;
      }
      ready(peer, 0, Session.OVERHEAD);
      int sent = seal(session, 0, counter);
      if (peer.dataSent(session, 1, sent, false, now)) {
        wakeControl.accept(peer);
      }
    }
  }
}
