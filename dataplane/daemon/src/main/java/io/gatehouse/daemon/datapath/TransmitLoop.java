// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.CryptokeyRouter;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DropReason;
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
 * TUN device to UDP socket: read a super-packet, find the peer, cut, seal each segment where it
 * will be sent from, send runs of equal datagrams with one system call.
 *
 * <p>Also sends what is rare: keepalives and packets that waited for a handshake.
 */
final class TransmitLoop implements Direction {
  private static final int READ = Outgoing.READ;

  /** Datagrams lie in here until they are sent; one super-packet and what was before it fit. */
  private static final int OUT = 4 * 65536;

  /**
   * Sent at the latest when so much lies ready: a first run should travel while the next is cut.
   */
  private static final int FLUSH_AT = 48 * 1024;

  /** Less than so many octets are one packet, and not worth waiting for others. */
  private static final int SMALL = 2048;

  /** Reads in one turn, at most: not all of them become something to send. */
  private static final int READS = 512;

  /** After so many full buffers in a row others are asked to help. */
  private static final int BACKLOG = 4;

  /** Packets that wait for a handshake, of one peer; beyond, the oldest goes. */
  private static final int MAX_STAGED = 128;

  private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

  private static final int EBADFD = 77;
  private static final int EIO = 5;

  private final PacketSource source;
  private final Unreachable unreachable;
  private final boolean vnetHeader;
  private final Device device;
  private final Aead aead;
  private final Fallbacks fallbacks;
  private final Consumer<Peer> wakeControl;
  private final Workers workers;
  private final EventFd wake;
  private final SocketHandover sockets;
  private final ConcurrentLinkedQueue<Peer> woken = new ConcurrentLinkedQueue<>();

  private final MemorySegment in = Arena.ofAuto().allocate(READ + 64, 64);
  private final Segmenter segmenter = new Segmenter(in);
  private final SealedRuns runs;
  private final Map<Peer, Staged> staged = new HashMap<>();

  /**
   * Packets that wait for a session.
   *
   * @param dropRequests {@link Peer#dropStagedRequests} when the first of them came
   */
  private record Staged(int dropRequests, ArrayDeque<byte[]> packets) {}

  /** The interface is gone or going, and its descriptor always readable. */
  private boolean sourceGone;

  private @Nullable UdpSocket socket;

  /** Full buffers since the source was last empty. */
  private int backlog;

  /** What others help with; made when they first have to. */
  private volatile @Nullable Pipeline<Outgoing> pipeline;

  /** Whether packets go through it now. */
  private volatile boolean helped;

  /** How many peers have packets waiting; this thread alone writes. */
  private volatile int stagedPeers;

  private volatile int mtu;

  final Counter packets = new Counter();
  final Counter bytes = new Counter();
  final DropCounters drops;

  /** Datagrams that left. */
  final SentCounter sent = new SentCounter();

  TransmitLoop(
      PacketSource source,
      PacketSink back,
      Device device,
      Aead aead,
      EventFd wake,
      Fallbacks fallbacks,
      Consumer<Peer> wakeControl,
      Workers workers) {
    this.source = source;
    unreachable = new Unreachable(back, System.nanoTime());
    vnetHeader = source.vnetHeader();
    this.device = device;
    drops = new DropCounters(device);
    this.aead = aead;
    this.wake = wake;
    this.fallbacks = fallbacks;
    this.wakeControl = wakeControl;
    this.workers = workers;
    runs = new SealedRuns(OUT, sent, drops, fallbacks);
    this.sockets = new SocketHandover(wake);
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

  /** Any thread: whether others have helped. */
  boolean wasHelped() {
    return pipeline != null;
  }

  @Override
  public int fd() {
    return sourceGone ? -1 : source.fd();
  }

  @Override
  public EventFd wake() {
    return wake;
  }

  @Override
  public boolean isHelped() {
    return helped;
  }

  @Override
  public long octets() {
    return bytes.get();
  }

  @Override
  public void end() {
    sockets.end();
  }

  @Override
  public Found turn(boolean alone) {
    Pipeline<Outgoing> shared = pipeline;
    if (helped && shared != null) {
      return helpedTurn(shared) ? Found.MORE : Found.NOTHING;
    }
    return turnAlone(alone);
  }

  /** Reads until there is nothing more to read or much to send, and sends. */
  private Found turnAlone(boolean alone) {
    UdpSocket by = sockets.take();
    socket = by;
    runs.use(by, mtu);
    Found found = Found.NOTHING;
    if (!woken.isEmpty()) {
      serveWoken();
      found = Found.MORE;
    }
    for (int i = 0; i < READS && runs.position() < FLUSH_AT; i++) {
      int read = source.read(in, 0, READ);
      if (read <= 0) {
        runs.flush();
        backlog = 0;
        readNothing(read);
        return found;
      }
      outgoing(segmenter, 0, read, null);
      if (alone && found == Found.NOTHING && read < SMALL) {
        runs.flush();
        return Found.ONE;
      }
      found = Found.MORE;
    }
    boolean full = runs.position() >= FLUSH_AT;
    runs.flush();
    if (full) {
      getHelp();
    }
    return Found.MORE;
  }

  /** Asks for help when this thread has had more than it manages for a while. */
  private void getHelp() {
    if (++backlog >= BACKLOG && workers.count() > 0) {
      if (pipeline == null) {
        pipeline =
            new Pipeline<>(
                workers, () -> new Outgoing(vnetHeader, sent, drops, fallbacks, wakeControl));
      }
      helped = true;
    }
  }

  /** All that was shared has been sent when it returns, and nothing is shared any more. */
  private void stopSharing() {
    Pipeline<Outgoing> shared = pipeline;
    if (shared != null) {
      shared.drain(aead);
    }
    helped = false;
    backlog = 0;
  }

  @Override
  public void settle() {
    stopSharing();
    runs.clear();
  }

  /** Fills one batch for whoever has time to seal it, this thread included. */
  private boolean helpedTurn(Pipeline<Outgoing> shared) {
    UdpSocket by = socket;
    if (by == null || sockets.isPending() || !woken.isEmpty()) {
      stopSharing();
      return true;
    }
    Outgoing batch = shared.free();
    if (batch == null) {
      if (!shared.help(aead)) {
        Pipeline.pause();
      }
      return true;
    }
    batch.begin(by, mtu);
    int read = 1;
    while (helped && batch.hasRoom()) {
      read = source.read(batch.in(), batch.end(), READ);
      if (read <= 0) {
        break;
      }
      outgoing(batch.segmenter(), batch.end(), read, batch);
    }
    if (!helped) {
      return true;
    }
    if (!batch.isEmpty()) {
      shared.publish();
    }
    if (read > 0) {
      return true;
    }
    while (shared.help(aead)) {
      // There is nothing to read, so this thread has the time.
    }
    if (shared.isEmpty()) {
      stopSharing();
    }
    readNothing(read);
    return false;
  }

  /** After a read that brought no packet. */
  private void readNothing(int read) {
    if (read < 0 && read != -EIO && read != -EBADFD) {
      // The kernel had a packet and could not hand it over.
      drops.add(DropReason.MALFORMED, 1);
    }
    if (read == -EBADFD) {
      // The control thread hears of it by netlink. Without this the thread would spin on a
      // descriptor that is always ready.
      sourceGone = true;
    }
  }

  /**
   * Takes one read through: to the peer's run, or to its staged packets.
   *
   * @param segmenter of the memory in which the read is
   * @param batch where to add it to be sealed later; null to seal it now
   */
  private void outgoing(Segmenter segmenter, int at, int read, @Nullable Outgoing batch) {
    int count = segmenter.load(at, vnetHeader, read);
    if (count == 0) {
      drops.add(DropReason.MALFORMED, 1);
      return;
    }
    packets.add(count);
    bytes.add(read - (vnetHeader ? VirtioNetHeader.LENGTH : 0));
    CryptokeyRouter router = device.router();
    Peer peer = segmenter.destination(router);
    long now = System.nanoTime();
    if (peer == null) {
      drops.add(DropReason.NO_PEER_FOR_DESTINATION, count);
      refuse(segmenter, now);
      return;
    }
    if (peer.endpoint() == null) {
      drops.add(peer, DropReason.NO_ENDPOINT, count);
      refuse(segmenter, now);
      return;
    }
    if (segmenter.longest() > SealedRuns.MAX_INNER) {
      drops.add(peer, DropReason.TOO_BIG, count);
      return;
    }
    Session session = peer.sendingSession(now);
    if (session == null || socket == null) {
      stage(segmenter, peer, count);
      return;
    }
    boolean waits = !staged.isEmpty() && staged.containsKey(peer);
    boolean later = batch != null && !waits && batch.takes(count);
    if (batch != null && !later) {
      // The rare and the odd are sent in their turn by this thread alone.
      shareSoFar(batch);
      stopSharing();
      segmenter.load(at, vnetHeader, read);
    }
    if (waits) {
      sendStaged(peer, session, now);
    }
    long counter = session.reserve(count);
    if (counter == Session.NO_COUNTER) {
      stage(segmenter, peer, count);
      return;
    }
    if (batch != null && later) {
      batch.add(read, count, peer, session, counter, now);
      return;
    }
    long sent = runs.add(aead, segmenter, count, peer, session, counter);
    if (peer.dataSent(session, count, sent, true, now)) {
      wakeControl.accept(peer);
    }
  }

  private void shareSoFar(Outgoing batch) {
    Pipeline<Outgoing> shared = pipeline;
    if (shared != null && !batch.isEmpty()) {
      shared.publish();
    }
  }

  /** Tells the sender of the packet taken up that it has no way. */
  private void refuse(Segmenter segmenter, long now) {
    if (unreachable.allowed(now)) {
      MemorySegment out = runs.out();
      long at = runs.room(READ);
      unreachable.answer(out, at, segmenter.write(0, out, at), segmenter.ipv6());
    }
  }

  private void stage(Segmenter segmenter, Peer peer, int count) {
    MemorySegment out = runs.out();
    ArrayDeque<byte[]> queue =
        staged
            .computeIfAbsent(peer, p -> new Staged(p.dropStagedRequests(), new ArrayDeque<>()))
            .packets();
    for (int i = 0; i < count; i++) {
      long at = runs.room(READ);
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
      sent += runs.add(aead, waited, trafficClass, peer, session, counter++);
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
      int sent = runs.add(aead, NOTHING, 0, peer, session, counter);
      if (peer.dataSent(session, 1, sent, false, now)) {
        wakeControl.accept(peer);
      }
    }
  }
}
