// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.TunFarEnd;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;
import io.gatehouse.protocol.WorkTime;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Runs made-up traffic through the real packet loops, from a made-up TUN device over loopback UDP
 * and back to it, so that the first packet of the first peer meets compiled code. Java code that
 * the compiler has not seen yet moves packets at a tenth of its speed, and code that it has seen
 * doing something else is compiled again: so the classes are the real ones all the way.
 *
 * <p>Nothing of it outlives {@link #run}: two devices with keys of their own, two sockets on ports
 * that the system chose. All threads of it are its own, so that it may run beside tunnels.
 */
public final class Rehearsal {
  private static final Duration STEP = Duration.ofMillis(50);

  /** Over when the rate has not grown for so many steps. */
  private static final int PLATEAU = 8;

  /**
   * Not over before so many packets arrived, however flat the rate: on a busy machine it is flat
   * while the compiler waits for its turn, too. It compiles what was called some ten thousand
   * times, and a read of this traffic is a dozen packets.
   */
  static final int AT_LEAST = 300_000;

  /**
   * Over, too, when the tunnels have carried so many octets meanwhile: what they carry had its code
   * compiled then, and made-up packets beside real ones only slow them down.
   */
  private static final long REAL_THING = 256L << 20;

  /** Packets under way at most; less than the smallest socket buffer holds. */
  private static final int WINDOW = 192;

  /**
   * In each eighth round every read waits for the one before to arrive: a lone packet takes another
   * way through the loops (wait, read, send, wait), which shall be fast, too.
   */
  private static final int ROUNDS_TO_LONE_ONE = 8;

  /** A keepalive now and then. */
  private static final int ROUNDS_TO_KEEPALIVE = 16;

  private Rehearsal() {}

  /**
   * Rehearses until the packet path is no longer getting faster, or real traffic has done as much
   * for it.
   *
   * @param atMost when to stop in any case
   * @param between called again and again on the way; the time it waits does not count
   * @return packets that went all the way; 0 when loopback is down, which is no error: the first
   *     real packets warm the path then
   * @throws LinuxException if the kernel refuses a socket
   */
  public static long run(TunnelOptions options, Duration atMost, Runnable between)
      throws LinuxException {
    InternetChecksum.warmUp(between);
    long now = System.nanoTime();
    try (Side a = new Side(options);
        Side b = new Side(options)) {
      a.meet(b, now);
      b.meet(a, now);
      a.made.shakeHands(b.made, a.endpoint(), b.endpoint(), now);
      a.start();
      b.start();
      Traffic traffic = new Traffic(a, b);
      untilFlat(traffic, new WorkTime(atMost, between), options.carried());
      return traffic.arrived;
    }
  }

  /** Moves packets until their rate no longer grows. */
  private static void untilFlat(Traffic traffic, WorkTime time, Carried carried) {
    long carriedBefore = carried.octets();
    long before = 0;
    long best = 0;
    int flat = 0;
    long look = System.nanoTime() + STEP.toNanos();
    while (flat < PLATEAU || traffic.arrived < AT_LEAST) {
      traffic.move();
      if (time.isOver()) {
        return;
      }
      long now = System.nanoTime();
      if (now - look >= 0) {
        look = now + STEP.toNanos();
        long rate = traffic.arrived - before;
        before = traffic.arrived;
        flat = rate > best + best / 20 ? 0 : flat + 1;
        best = Math.max(best, rate);
        look += time.giveWay();
        if (carried.octets() - carriedBefore >= REAL_THING) {
          return;
        }
      }
    }
  }

  /** One end: a device, its loops, and what stands in for its control thread. */
  private static final class Side implements AutoCloseable {
    private static final int MTU = 1420;

    /** More than one, so that a lookup walks; and not all, so that it may find none. */
    private static final List<AllowedIpChange> ALLOWED_IPS =
        Stream.of(
                "10.0.0.0/8",
                "10.0.0.0/24",
                "10.1.0.0/16",
                "10.1.2.0/24",
                "fd00::/8",
                "fd00::/64",
                "fd00:1::/64",
                "fd00:2::/64")
            .map(prefix -> new AllowedIpChange(Prefix.parse(prefix), false))
            .toList();

    final TunFarEnd far;
    final MadeUpDevice made;
    private final UdpSocket socket;
    private final EventFd transmitWake;
    private final EventFd receiveWake;
    private final TransmitLoop transmit;
    private final ReceiveLoop receive;
    private final PacketThreads threads;
    private boolean started;
    private final ServiceCalls calls;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    Side(TunnelOptions options) throws LinuxException {
      try {
        far = opened(TunFarEnd.open());
        socket = opened(UdpSocket.bind(0, options.udp()));
        transmitWake = opened(EventFd.open());
        receiveWake = opened(EventFd.open());
        calls = new ServiceCalls(opened(EventFd.open()));
      } catch (LinuxException | RuntimeException e) {
        close();
        throw e;
      }
      made = new MadeUpDevice(Instant::now, this::wake, System.nanoTime());
      TunPackets tun = new TunPackets(far.device());
      Fallbacks fallbacks = new Fallbacks(text -> {});
      transmit =
          new TransmitLoop(
              tun,
              tun,
              made.device,
              options.aead().get(),
              transmitWake,
              fallbacks,
              calls,
              options.workers());
      transmit.mtu(MTU);
      receive =
          new ReceiveLoop(
              tun,
              made.device,
              options.aead().get(),
              receiveWake,
              new HandshakeQueue(),
              fallbacks,
              () -> {},
              calls,
              options.workers());
      threads =
          new PacketThreads("rehearsal", receive, transmit, true, PacketThreads.Sharing.USUAL);
    }

    private <T extends AutoCloseable> T opened(T resource) {
      open.push(resource);
      return resource;
    }

    void meet(Side other, long now) {
      made.meet(other.made, other.endpoint(), ALLOWED_IPS, now);
    }

    private Endpoint endpoint() {
      return Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), socket.port()));
    }

    private void wake(Peer peer) {
      transmit.wake(peer);
    }

    void start() {
      threads.start();
      started = true;
      receive.socket(socket);
      transmit.socket(socket);
    }

    /** What the control thread does. */
    void serve() {
      calls.heard();
      long now = System.nanoTime();
      for (Peer peer = calls.poll(); peer != null; peer = calls.poll()) {
        made.device.service(peer, now);
      }
      made.device.advance(now);
    }

    /** Has an empty packet sent, as switching a persistent keepalive on does. */
    void keepalive() {
      long now = System.nanoTime();
      PublicKey peer = made.peer().publicKey();
      for (int seconds : new int[] {60, 0}) {
        made.change(
            new PeerChange(
                peer,
                false,
                true,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.of(seconds),
                false,
                List.of()),
            now);
        made.device.advance(now);
      }
    }

    @Override
    public void close() {
      if (started) {
        threads.stop();
        threads.join();
        made.device.down(System.nanoTime());
      }
      while (!open.isEmpty()) {
        try {
          open.pop().close();
        } catch (Exception e) {
          throw new IllegalStateException("a descriptor cannot be closed", e);
        }
      }
    }
  }

  /** The kinds of read that a TUN device gives, in turn, and what comes out of the other loop. */
  private static final class Traffic {
    private static final long PATIENCE = 1_000_000;
    private static final int MAX_WAITS = 20;

    /** Reads between two looks of the control threads. */
    private static final int READS_TO_SERVICE = 64;

    private final MemorySegment[] reads = {
      SyntheticRead.tcp(false, 1, Ip.TCP_ACK, 1368, 44),
      SyntheticRead.tcp(false, 1, Ip.TCP_ACK, 0, 1),
      SyntheticRead.tcp(false, 2, Ip.TCP_ACK | Ip.TCP_PSH, 1368, 17),
      SyntheticRead.udp(false, 1, 64, 16),
      SyntheticRead.tcp(true, 1, Ip.TCP_ACK, 1348, 44),
      SyntheticRead.udp(true, 2, 1300, 8),
      SyntheticRead.udp(false, 2, 64, 1),
      SyntheticRead.complete(SyntheticRead.udp(false, 2, 64, 1)),
      SyntheticRead.echo(64),
      SyntheticRead.ecnCapable(SyntheticRead.udp(false, 1, 1371, 1)),
      SyntheticRead.toNobody(SyntheticRead.udp(true, 1, 64, 1)),
      SyntheticRead.tcp(false, 3, Ip.TCP_ACK | Ip.TCP_FIN, 61, 1),
      SyntheticRead.tcp(true, 1, Ip.TCP_ACK, 0, 1)
    };
    private final MemorySegment taken = Arena.ofAuto().allocate(VirtioNetHeader.LENGTH + 65536);
    private Side from;
    private Side to;
    private int next;
    private int round;
    private int given;
    private int waits;
    private long sent;
    long arrived;

    Traffic(Side from, Side to) {
      this.from = from;
      this.to = to;
    }

    /** Takes what arrived and gives the next packet when its time has come; waits else. */
    void move() {
      take(to);
      MemorySegment read = reads[next];
      if (sent - arrived <= (round % ROUNDS_TO_LONE_ONE == 0 ? 0 : WINDOW)
          && from.far.give(read, 0, (int) read.byteSize()) > 0) {
        given(read);
        return;
      }
      to.far.await(PATIENCE);
      if (++waits == MAX_WAITS) {
        // What was lost (a full socket buffer, a socket that was not there yet) never arrives.
        sent = arrived;
        waits = 0;
      }
    }

    private void given(MemorySegment read) {
      if (!SyntheticRead.isToNobody(read)) {
        sent += segments(read, (int) read.byteSize());
      }
      if (++given % READS_TO_SERVICE == 0) {
        from.serve();
        to.serve();
      }
      next = (next + 1) % reads.length;
      if (next == 0) {
        round++;
        turnRound();
      }
    }

    /** The other side's turn; what is still under way is not counted. */
    private void turnRound() {
      if (round % ROUNDS_TO_KEEPALIVE == 0) {
        from.keepalive();
      }
      Side other = from;
      from = to;
      to = other;
      take(to);
      sent = arrived;
    }

    private void take(Side side) {
      int length;
      while ((length = side.far.take(taken, 0, (int) taken.byteSize())) > 0) {
        arrived += segments(taken, length);
        waits = 0;
      }
    }

    /** How many packets a super-packet of so many octets is. */
    private static int segments(MemorySegment packet, int length) {
      int size = VirtioNetHeader.gsoSize(packet, 0);
      int payload = length - VirtioNetHeader.LENGTH - VirtioNetHeader.headerLength(packet, 0);
      return VirtioNetHeader.gsoType(packet, 0) == VirtioNetHeader.GSO_NONE
          ? 1
          : (payload + size - 1) / size;
    }
  }
}
