// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceOutput;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Runs made-up traffic through the real packet loops, from a made-up source over loopback UDP to a
 * sink that counts, so that the first packet of the first peer meets compiled code. Java code that
 * the compiler has not seen yet moves packets at a tenth of its speed.
 *
 * <p>Nothing of it outlives {@link #run}: two devices with keys of their own, two sockets on ports
 * that the system chose.
 */
public final class Rehearsal {
  private static final Duration STEP = Duration.ofMillis(50);

  /** Over when the rate has not grown for so many steps. */
  private static final int PLATEAU = 8;

  /** Packets under way at most; less than the smallest socket buffer holds. */
  private static final int WINDOW = 192;

  private Rehearsal() {}

  /**
   * Rehearses until the packet path is no longer getting faster.
   *
   * @param atMost when to stop in any case
   * @return packets that went all the way; 0 when loopback is down, which is no error: the first
   *     real packets warm the path then
   * @throws LinuxException if the kernel refuses a socket
   */
  public static long run(TunnelOptions options, Duration atMost) throws LinuxException {
    try (UdpSocket from = UdpSocket.bind(0, options.udp());
        UdpSocket to = UdpSocket.bind(0, options.udp());
        EventFd fromWake = EventFd.open();
        EventFd toWake = EventFd.open();
        EventFd ready = EventFd.open()) {
      ready.signal();
      Pair pair = new Pair(to.port());
      Count count = new Count();
      Fallbacks fallbacks = new Fallbacks(text -> {});
      Traffic traffic = new Traffic(ready, count);
      TransmitLoop transmit =
          new TransmitLoop(
              traffic, count, pair.a, options.aead().get(), fromWake, fallbacks, peer -> {});
      ReceiveLoop receive =
          new ReceiveLoop(
              count,
              pair.b,
              options.aead().get(),
              toWake,
              new HandshakeQueue(),
              fallbacks,
              () -> {},
              peer -> {});
      transmit.mtu(1420);
      Thread transmitThread = start("rehearsal-transmit", transmit, transmit::end);
      Thread receiveThread = start("rehearsal-receive", receive, receive::end);
      receive.socket(to);
      transmit.socket(from);
      try {
        await(count, System.nanoTime() + atMost.toNanos());
      } finally {
        transmit.stop();
        receive.stop();
        join(transmitThread);
        join(receiveThread);
        pair.close();
      }
      return count.packets;
    }
  }

  private static void await(Count count, long deadline) {
    long before = 0;
    long best = 0;
    int flat = 0;
    while (flat < PLATEAU && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(STEP.toNanos());
      long now = count.packets;
      long rate = now - before;
      before = now;
      flat = rate > best + best / 20 ? 0 : flat + 1;
      best = Math.max(best, rate);
    }
  }

  private static Thread start(String name, Runnable loop, Runnable atEnd) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                loop.run();
              } finally {
                atEnd.run();
              }
            });
  }

  private static void join(Thread thread) {
    try {
      TimeUnit.SECONDS.timedJoin(thread, 5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Two devices that are each other's only peer, with a session between them. */
  private static final class Pair {
    final Device a;
    final Device b;

    /** More than one, so that a lookup walks. */
    private static final List<AllowedIpChange> ALLOWED_IPS =
        Stream.of(
                "0.0.0.0/0",
                "10.0.0.0/8",
                "10.0.0.0/24",
                "10.1.0.0/16",
                "::/0",
                "fd00::/8",
                "fd00::/64",
                "fd00:1::/64")
            .map(prefix -> new AllowedIpChange(Prefix.parse(prefix), false))
            .toList();

    private final Queue<byte[]> toA = new ArrayDeque<>();
    private final Queue<byte[]> toB = new ArrayDeque<>();

    Pair(int port) {
      SecureRandom random = new SecureRandom();
      long now = System.nanoTime();
      a = new Device(output(toB), random, Instant::now, now);
      b = new Device(output(toA), random, Instant::now, now);
      PublicKey keyOfA = give(a, random, now);
      PublicKey keyOfB = give(b, random, now);
      Endpoint endpoint =
          Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      meet(a, keyOfB, endpoint, now);
      meet(b, keyOfA, endpoint, now);
      a.up(now);
      b.up(now);
      Peer peer = a.peers().getFirst();
      peer.requestHandshake();
      a.service(peer, now);
      for (byte[] message = toB.poll(); message != null; message = toB.poll()) {
        b.receive(message, message.length, endpoint, false, now);
      }
      for (byte[] message = toA.poll(); message != null; message = toA.poll()) {
        a.receive(message, message.length, endpoint, false, now);
      }
    }

    private static DeviceOutput output(Queue<byte[]> inbox) {
      return new DeviceOutput() {
        @Override
        public boolean sendHandshake(byte[] message, Endpoint to) {
          return inbox.add(message);
        }

        @Override
        public void wakeTransmit(Peer peer) {
          // Traffic is on its way anyway.
        }
      };
    }

    private static PublicKey give(Device device, SecureRandom random, long now) {
      byte[] octets = new byte[SecretKey.LENGTH];
      random.nextBytes(octets);
      SecretKey key = SecretKey.of(octets);
      device.apply(
          new DeviceChange(
              Optional.of(key), OptionalInt.empty(), OptionalInt.empty(), false, List.of()),
          now);
      key.wipe();
      return device.snapshot(now).publicKey().orElseThrow();
    }

    private static void meet(Device device, PublicKey peer, Endpoint endpoint, long now) {
      PeerChange change =
          new PeerChange(
              peer,
              false,
              false,
              Optional.empty(),
              Optional.of(endpoint),
              OptionalInt.empty(),
              false,
              ALLOWED_IPS);
      device.apply(
          new DeviceChange(
              Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false, List.of(change)),
          now);
    }

    void close() {
      long now = System.nanoTime();
      a.down(now);
      b.down(now);
    }
  }

  /** A sink that counts the packets it is given. */
  private static final class Count implements PacketSink {
    volatile long packets;

    @Override
    public boolean vnetHeader() {
      return true;
    }

    @Override
    public boolean tso() {
      return true;
    }

    @Override
    public boolean uso() {
      return true;
    }

    @Override
    public int write(MemorySegment memory, long offset, int length) {
      add(1);
      return length;
    }

    @Override
    public int writev(MemorySegment iovecs, long offset, int count) {
      add(count);
      return count;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the receive thread
    private void add(int n) {
      packets += n;
    }
  }

  /** The kinds of read that a TUN device gives, in turn. */
  private static final class Traffic implements PacketSource {
    private static final int PAUSE = 20_000;
    private static final int MAX_PAUSES = 500;

    private final EventFd ready;
    private final Count count;
    private final MemorySegment[] reads;
    private final int[] segments;
    private int next;
    private long sent;
    private int pauses;

    Traffic(EventFd ready, Count count) {
      this.ready = ready;
      this.count = count;
      reads =
          new MemorySegment[] {
            SyntheticRead.tcp(false, 1, Ip.TCP_ACK, 1368, 44),
            SyntheticRead.tcp(false, 1, Ip.TCP_ACK, 0, 1),
            SyntheticRead.tcp(false, 2, Ip.TCP_ACK | Ip.TCP_PSH, 1368, 17),
            SyntheticRead.udp(false, 1, 64, 16),
            SyntheticRead.tcp(true, 1, Ip.TCP_ACK, 1348, 44),
            SyntheticRead.udp(true, 2, 1300, 8),
            SyntheticRead.udp(false, 2, 64, 1),
            SyntheticRead.complete(SyntheticRead.udp(false, 2, 64, 1)),
            SyntheticRead.udp(false, 1, 1371, 1),
            SyntheticRead.tcp(false, 3, Ip.TCP_ACK | Ip.TCP_FIN, 61, 1),
            SyntheticRead.tcp(true, 1, Ip.TCP_ACK, 0, 1)
          };
      segments = new int[] {44, 1, 17, 16, 44, 8, 1, 1, 1, 1, 1};
    }

    @Override
    public int fd() {
      return ready.fd();
    }

    @Override
    public boolean vnetHeader() {
      return true;
    }

    @Override
    public int read(MemorySegment memory, long offset, int length) {
      if (sent - count.packets > WINDOW) {
        // The descriptor is always ready, so the loop comes back at once; on few cores the receiver
        // and the compiler need the time more.
        LockSupport.parkNanos(PAUSE);
        if (++pauses < MAX_PAUSES) {
          return 0;
        }
        // What was lost (a full socket buffer, a socket that was not there yet) never arrives.
        sent = count.packets;
      }
      pauses = 0;
      MemorySegment read = reads[next];
      sent += segments[next];
      next = (next + 1) % reads.length;
      MemorySegment.copy(read, 0, memory, offset, read.byteSize());
      return (int) read.byteSize();
    }
  }
}
