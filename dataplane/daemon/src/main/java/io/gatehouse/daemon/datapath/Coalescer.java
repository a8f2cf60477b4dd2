// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.Peer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins received IP packets that follow each other in a TCP or UDP flow into super-packets, so that
 * the TUN device is written once per run and not once per packet (GRO in userspace).
 *
 * <p>Packets stay where they were opened: a run is its first packet whole and the payloads of the
 * others, written by one {@code writev}. At least {@link VirtioNetHeader#LENGTH} octets before each
 * packet belong to the coalescer. Packets of one flow leave in the order they came; a packet is
 * joined only if its checksum is right, since the kernel will take the sum of a super-packet on
 * trust.
 *
 * <p>Belongs to the receive direction; allocates nothing after construction.
 */
final class Coalescer {
  /** Runs that can be open at once; more flows than that in one batch leave as shorter runs. */
  private static final int MAX_RUNS = 64;

  /** Of these the newest are looked at for a run to join. */
  private static final int MAX_LOOK_BACK = 16;

  /** The kernel's UDP_MAX_SEGMENTS; enough for TCP too, as 64 full segments exceed 64 KiB. */
  private static final int MAX_PACKETS = 64;

  private static final int MAX_TOTAL = 65535;
  private static final int IOVEC = 16;

  private static final ValueLayout.OfShort NATIVE = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final MemorySegment memory;
  private final PacketSink sink;
  private final ObjLongConsumer<@Nullable Peer> refused;
  private final boolean vnetHeader;

  private final Fallbacks fallbacks;
  private final Joining tcp;
  private final Joining udp;

  private final MemorySegment iovecs =
      Arena.ofAuto().allocate((long) MAX_RUNS * MAX_PACKETS * IOVEC, 8);

  private final long[] first = new long[MAX_RUNS];
  private final int[] firstLength = new int[MAX_RUNS];
  private final int[] header = new int[MAX_RUNS];
  private final int[] transport = new int[MAX_RUNS];
  private final int[] protocol = new int[MAX_RUNS];
  private final boolean[] ipv6 = new boolean[MAX_RUNS];
  private final int[] segment = new int[MAX_RUNS];
  private final int[] packets = new int[MAX_RUNS];
  private final int[] totalLength = new int[MAX_RUNS];
  private final int[] nextSequence = new int[MAX_RUNS];
  private final int[] flags = new int[MAX_RUNS];
  private final boolean[] open = new boolean[MAX_RUNS];
  private final @Nullable Peer[] peers = new Peer[MAX_RUNS];
  private int runs;

  /**
   * A coalescer of packets in one buffer.
   *
   * @param memory where packets are opened
   * @param sink where they go; without a virtio header nothing is joined
   * @param fallbacks told of super-packets that the sink refused and whose packets it took
   * @param refused told of packets that the sink refused: whose they were and how many
   */
  Coalescer(
      MemorySegment memory,
      PacketSink sink,
      Fallbacks fallbacks,
      ObjLongConsumer<@Nullable Peer> refused) {
    this.fallbacks = fallbacks;
    this.refused = refused;
    this.memory = memory;
    this.sink = sink;
    vnetHeader = sink.vnetHeader();
    tcp = new Joining(vnetHeader && sink.tso());
    udp = new Joining(vnetHeader && sink.uso());
  }

  /**
   * Takes a packet. The octets must stay until {@link #flush}.
   *
   * @param ip where the packet is in the buffer; checked already: version, header and total length
   * @param length total length of the IP packet
   * @param peer whose it is
   */
  void add(long ip, int length, @Nullable Peer peer) {
    if (runs == MAX_RUNS) {
      flush();
    }
    int run = runs;
    peers[run] = peer;
    if (!describe(run, ip, length)) {
      // Not to be joined: a fragment, an extension header, a flag that ends a run, a wrong sum. It
      // must not overtake an open run of its own flow, so runs that it could belong to are closed.
      closeFlow(run);
      open[run] = false;
    } else if (join(run)) {
      return;
    }
    runs++;
  }

  /** Fills in row {@code run}; true when the packet may be joined with others. */
  private boolean describe(int run, long ip, int length) {
    first[run] = ip;
    firstLength[run] = length;
    totalLength[run] = length;
    packets[run] = 1;
    protocol[run] = 0;
    boolean six = Ip.version(memory, ip) == 6;
    ipv6[run] = six;
    int network = six ? Ip.V6_HEADER : Ip.V4_HEADER;
    transport[run] = network;
    if (!tcp.any() && !udp.any()) {
      return false;
    }
    int next;
    if (six) {
      next = Ip.octet(memory, ip + Ip.V6_NEXT_HEADER);
    } else {
      if (Ip.v4HeaderLength(memory, ip) != Ip.V4_HEADER
          || (Ip.u16(memory, ip + Ip.V4_FRAGMENT) & 0x3fff) != 0) {
        return false;
      }
      next = Ip.octet(memory, ip + Ip.V4_PROTOCOL);
    }
    return switch (next) {
      case Ip.TCP -> tcp.any() && describeTcp(run, ip, network, length);
      case Ip.UDP -> udp.any() && describeUdp(run, ip, network, length);
      default -> false;
    };
  }

  private boolean describeTcp(int run, long ip, int network, int length) {
    if (length < network + Ip.TCP_HEADER) {
      return false;
    }
    protocol[run] = Ip.TCP;
    long at = ip + network;
    int headerLength = Ip.octet(memory, at + Ip.TCP_DATA_OFFSET) >>> 4 << 2;
    int payload = length - network - headerLength;
    flags[run] = Ip.octet(memory, at + Ip.TCP_FLAGS);
    header[run] = network + headerLength;
    segment[run] = payload;
    nextSequence[run] = Ip.i32(memory, at + Ip.TCP_SEQUENCE) + payload;
    open[run] = (flags[run] & Ip.TCP_PSH) == 0;
    return headerLength >= Ip.TCP_HEADER
        && payload > 0
        && (flags[run] & ~Ip.TCP_PSH) == Ip.TCP_ACK
        && checksumIsRight(run);
  }

  private boolean describeUdp(int run, long ip, int network, int length) {
    if (length < network + Ip.UDP_HEADER) {
      return false;
    }
    protocol[run] = Ip.UDP;
    header[run] = network + Ip.UDP_HEADER;
    segment[run] = length - header[run];
    flags[run] = 0;
    open[run] = true;
    return segment[run] > 0
        && Ip.u16(memory, ip + network + Ip.UDP_LENGTH) == length - network
        && memory.get(NATIVE, ip + network + Ip.UDP_CHECKSUM) != 0
        && checksumIsRight(run);
  }

  private boolean checksumIsRight(int run) {
    int length = firstLength[run] - transport[run];
    long sum =
        InternetChecksum.pseudoHeader(memory, first[run], ipv6[run], protocol[run])
            + InternetChecksum.net16(length);
    return InternetChecksum.fold(
            InternetChecksum.add(sum, memory, first[run] + transport[run], length))
        == 0xffff;
  }

  /** Appends the packet in row {@code with} to the newest run of its flow, if it fits there. */
  private boolean join(int with) {
    for (int run = with - 1; run >= Math.max(0, with - MAX_LOOK_BACK); run--) {
      if (protocol[run] != protocol[with] || !sameFlow(run, with)) {
        continue;
      }
      if (!open[run] || !fits(run, with)) {
        open[run] = false;
        return false;
      }
      long iovec = ((long) run * MAX_PACKETS + packets[run]) * IOVEC;
      iovecs.set(LONG, iovec, memory.address() + first[with] + header[with]);
      iovecs.set(LONG, iovec + 8, segment[with]);
      packets[run]++;
      totalLength[run] += segment[with];
      nextSequence[run] = nextSequence[with];
      flags[run] |= flags[with];
      // A short segment or a push is the last one of a run.
      open[run] = open[with] && segment[with] == segment[run] && packets[run] < MAX_PACKETS;
      return true;
    }
    return false;
  }

  private void closeFlow(int with) {
    for (int run = with - 1; run >= 0; run--) {
      if (open[run] && sameAddresses(run, with)) {
        open[run] = false;
      }
    }
  }

  private boolean sameFlow(int a, int b) {
    return sameAddresses(a, b)
        && Ip.i32(memory, first[a] + transport[a]) == Ip.i32(memory, first[b] + transport[b]);
  }

  private boolean sameAddresses(int a, int b) {
    if (ipv6[a] != ipv6[b]) {
      return false;
    }
    long x = first[a];
    long y = first[b];
    return ipv6[a]
        ? Ip.i64(memory, x + 8) == Ip.i64(memory, y + 8)
            && Ip.i64(memory, x + 16) == Ip.i64(memory, y + 16)
            && Ip.i64(memory, x + 24) == Ip.i64(memory, y + 24)
            && Ip.i64(memory, x + 32) == Ip.i64(memory, y + 32)
        : Ip.i64(memory, x + Ip.V4_SOURCE) == Ip.i64(memory, y + Ip.V4_SOURCE);
  }

  /** Whether the packet of row {@code with} continues the run with nothing lost by joining. */
  private boolean fits(int run, int with) {
    long a = first[run];
    long b = first[with];
    if (header[run] != header[with]
        || segment[with] > segment[run]
        || !joining(run).allows(segment[with] < segment[run])
        || totalLength[run] + segment[with] > MAX_TOTAL
        || !sameNetworkHeader(a, b, ipv6[run])) {
      return false;
    }
    if (protocol[run] == Ip.UDP) {
      return true;
    }
    long x = a + transport[run];
    long y = b + transport[run];
    if (Ip.i32(memory, y + Ip.TCP_SEQUENCE) != nextSequence[run]
        || Ip.i32(memory, x + Ip.TCP_ACKNOWLEDGEMENT) != Ip.i32(memory, y + Ip.TCP_ACKNOWLEDGEMENT)
        || Ip.u16(memory, x + Ip.TCP_WINDOW) != Ip.u16(memory, y + Ip.TCP_WINDOW)) {
      return false;
    }
    for (int option = Ip.TCP_HEADER; option < header[run] - transport[run]; option += 4) {
      if (Ip.i32(memory, x + option) != Ip.i32(memory, y + option)) {
        return false;
      }
    }
    return true;
  }

  private Joining joining(int run) {
    return protocol[run] == Ip.TCP ? tcp : udp;
  }

  private boolean sameNetworkHeader(long a, long b, boolean six) {
    return six
        // Version, traffic class and flow label; hop limit.
        ? Ip.i32(memory, a) == Ip.i32(memory, b)
            && Ip.octet(memory, a + Ip.V6_HOP_LIMIT) == Ip.octet(memory, b + Ip.V6_HOP_LIMIT)
        : Ip.octet(memory, a + Ip.V4_TOS) == Ip.octet(memory, b + Ip.V4_TOS)
            && Ip.octet(memory, a + Ip.V4_TTL) == Ip.octet(memory, b + Ip.V4_TTL)
            && Ip.u16(memory, a + Ip.V4_FRAGMENT) == Ip.u16(memory, b + Ip.V4_FRAGMENT);
  }

  /** Forgets what was added and not written. */
  void clear() {
    runs = 0;
  }

  /** Writes all that was added, in order. */
  void flush() {
    if (tcp.isHeldBack() || udp.isHeldBack()) {
      long now = System.nanoTime();
      tcp.retry(now);
      udp.retry(now);
    }
    for (int run = 0; run < runs; run++) {
      if (packets[run] == 1) {
        writeOne(run, first[run], firstLength[run]);
      } else if (joining(run).allows(isUneven(run))) {
        writeRun(run);
      } else {
        // Joined before the kernel refused another one just now.
        writeSingly(run);
      }
    }
    runs = 0;
  }

  private boolean isUneven(int run) {
    return totalLength[run] - header[run] < packets[run] * segment[run];
  }

  /** Whether the sink took it. */
  private boolean writeOne(int run, long ip, int length) {
    int result;
    if (vnetHeader) {
      VirtioNetHeader.clear(memory, ip - VirtioNetHeader.LENGTH);
      result = sink.write(memory, ip - VirtioNetHeader.LENGTH, length + VirtioNetHeader.LENGTH);
    } else {
      result = sink.write(memory, ip, length);
    }
    if (result < 0) {
      refused.accept(peers[run], 1);
    }
    return result >= 0;
  }

  private void writeRun(int run) {
    long ip = first[run];
    long at = ip + transport[run];
    boolean isTcp = protocol[run] == Ip.TCP;
    int field = isTcp ? Ip.TCP_CHECKSUM : Ip.UDP_CHECKSUM;
    short checksum = memory.get(NATIVE, at + field);
    int tcpFlags = isTcp ? Ip.octet(memory, at + Ip.TCP_FLAGS) : 0;

    setLengths(run, totalLength[run]);
    if (isTcp) {
      Ip.octet(memory, at + Ip.TCP_FLAGS, flags[run]);
    }
    long pseudo =
        InternetChecksum.pseudoHeader(memory, ip, ipv6[run], protocol[run])
            + InternetChecksum.net16(totalLength[run] - transport[run]);
    memory.set(NATIVE, at + field, (short) InternetChecksum.fold(pseudo));
    int gsoType =
        !isTcp
            ? VirtioNetHeader.GSO_UDP_L4
            : ipv6[run] ? VirtioNetHeader.GSO_TCPV6 : VirtioNetHeader.GSO_TCPV4;
    VirtioNetHeader.gso(
        memory,
        ip - VirtioNetHeader.LENGTH,
        gsoType,
        header[run],
        segment[run],
        transport[run],
        field);
    long iovec = (long) run * MAX_PACKETS * IOVEC;
    iovecs.set(LONG, iovec, memory.address() + ip - VirtioNetHeader.LENGTH);
    iovecs.set(LONG, iovec + 8, firstLength[run] + VirtioNetHeader.LENGTH);
    int result = sink.writev(iovecs, iovec, packets[run]);
    if (result < 0) {
      setLengths(run, firstLength[run]);
      memory.set(NATIVE, at + field, checksum);
      if (isTcp) {
        Ip.octet(memory, at + Ip.TCP_FLAGS, tcpFlags);
      }
      if (writeSingly(run)) {
        joining(run).refused(isUneven(run), System.nanoTime());
        fallbacks.add(isTcp ? Offload.TUN_TSO : Offload.TUN_USO, 1, -result);
      }
    }
  }

  /**
   * Writes the packets of a run by themselves. They are all still there, each with its header.
   *
   * @return whether the sink took any; else it was not for being joined that it refused the run,
   *     but as the interface is down
   */
  private boolean writeSingly(int run) {
    boolean taken = writeOne(run, first[run], firstLength[run]);
    long iovec = (long) run * MAX_PACKETS * IOVEC;
    for (int i = 1; i < packets[run]; i++) {
      long payload = iovecs.get(LONG, iovec + (long) i * IOVEC) - memory.address();
      int length = (int) iovecs.get(LONG, iovec + (long) i * IOVEC + 8);
      taken |= writeOne(run, payload - header[run], length + header[run]);
    }
    return taken;
  }

  private void setLengths(int run, int length) {
    long ip = first[run];
    if (ipv6[run]) {
      Ip.u16(memory, ip + Ip.V6_PAYLOAD_LENGTH, length - Ip.V6_HEADER);
    } else {
      Ip.u16(memory, ip + Ip.V4_TOTAL_LENGTH, length);
      InternetChecksum.setIpv4Header(memory, ip, Ip.V4_HEADER);
    }
    if (protocol[run] == Ip.UDP) {
      Ip.u16(memory, ip + transport[run] + Ip.UDP_LENGTH, length - transport[run]);
    }
  }
}
