// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.CryptokeyRouter;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.aead.TextPart;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a TUN read gives (one packet, or a super-packet that the kernel left to us: TSO, USO)
 * into IP packets with complete checksums. A plain packet is a super-packet of one segment.
 *
 * <p>Belongs to the transmit direction; allocates nothing.
 */
final class Segmenter {
  private static final ValueLayout.OfShort NATIVE = ValueLayout.JAVA_SHORT_UNALIGNED;

  private final MemorySegment memory;
  private final TextPart part = new TextPart();

  private long ip;
  private int total;
  private boolean ipv6;
  private int count;

  private boolean complete;
  private int csumStart;
  private int csumField;

  private boolean gso;
  private int protocol;
  private int headerLength;
  private int gsoSize;
  private long pseudo;

  /**
   * A segmenter of the packets in one buffer.
   *
   * @param memory where the TUN device is read to
   */
  Segmenter(MemorySegment memory) {
    this.memory = memory;
  }

  /**
   * Takes up what a read put at {@code offset}.
   *
   * @param vnetHeader whether a {@link VirtioNetHeader} stands before the packet
   * @param length octets read, with that header
   * @return how many segments there are; 0 when it is no IP packet or contradicts itself
   */
  int load(long offset, boolean vnetHeader, int length) {
    int before = vnetHeader ? VirtioNetHeader.LENGTH : 0;
    ip = offset + before;
    total = length - before;
    count = 0;
    gso = false;
    if (total < Ip.V4_HEADER) {
      return 0;
    }
    int version = Ip.version(memory, ip);
    ipv6 = version == 6;
    if (version != 4 && (!ipv6 || total < Ip.V6_HEADER)) {
      return 0;
    }
    complete =
        vnetHeader && (VirtioNetHeader.flags(memory, offset) & VirtioNetHeader.NEEDS_CSUM) != 0;
    if (complete) {
      csumStart = VirtioNetHeader.csumStart(memory, offset);
      csumField = csumStart + VirtioNetHeader.csumOffset(memory, offset);
      if (csumField + 2 > total) {
        return 0;
      }
    }
    int gsoType = vnetHeader ? VirtioNetHeader.gsoType(memory, offset) : VirtioNetHeader.GSO_NONE;
    count =
        switch (gsoType) {
          case VirtioNetHeader.GSO_NONE -> 1;
          case VirtioNetHeader.GSO_TCPV4, VirtioNetHeader.GSO_TCPV6 ->
              loadGso(Ip.TCP, VirtioNetHeader.gsoSize(memory, offset));
          case VirtioNetHeader.GSO_UDP_L4 ->
              loadGso(Ip.UDP, VirtioNetHeader.gsoSize(memory, offset));
          default -> 0;
        };
    return count;
  }

  private int loadGso(int protocol, int gsoSize) {
    int transport = protocol == Ip.TCP ? Ip.TCP_HEADER : Ip.UDP_HEADER;
    int network = ipv6 ? Ip.V6_HEADER : Ip.v4HeaderLength(memory, ip);
    // The kernel leaves its transport offset in csum_start; extension headers may lie before it.
    if (!complete || gsoSize == 0 || csumStart < network || csumStart + transport > total) {
      return 0;
    }
    if (protocol == Ip.TCP) {
      transport = Ip.octet(memory, ip + csumStart + Ip.TCP_DATA_OFFSET) >>> 4 << 2;
    }
    headerLength = csumStart + transport;
    if (transport < (protocol == Ip.TCP ? Ip.TCP_HEADER : Ip.UDP_HEADER) || headerLength >= total) {
      return 0;
    }
    this.protocol = protocol;
    this.gsoSize = gsoSize;
    pseudo = InternetChecksum.pseudoHeader(memory, ip, ipv6, protocol);
    int segments = (total - headerLength + gsoSize - 1) / gsoSize;
    gso = true;
    return segments;
  }

  /** What {@link #cut} has not written of its packet. */
  TextPart part() {
    return part;
  }

  /** Whether the packet is IPv6. */
  boolean ipv6() {
    return ipv6;
  }

  /** Where the IP header of the packet is, in the buffer. */
  long ip() {
    return ip;
  }

  /** Whose the packet's destination is, null for nobody's. */
  @Nullable Peer destination(CryptokeyRouter router) {
    return ipv6
        ? router.lookup(
            Ip.i64(memory, ip + Ip.V6_DESTINATION), Ip.i64(memory, ip + Ip.V6_DESTINATION + 8))
        : router.lookup4(Ip.i32(memory, ip + Ip.V4_DESTINATION));
  }

  /** The traffic class of datagrams that carry the packet, see {@link Ecn}. */
  int outerTrafficClass() {
    return Ecn.encapsulate(memory, ip, ipv6);
  }

  /** Octets of the longest segment. */
  int longest() {
    return gso && count > 1 ? headerLength + gsoSize : total;
  }

  /**
   * Writes one segment as a complete IP packet.
   *
   * @param index 0 to {@code load(..) - 1}
   * @return its length in octets
   */
  int write(int index, MemorySegment to, long at) {
    int length = cut(index, to, at);
    part.copyTo(to, at);
    return length;
  }

  /**
   * The same, but for the {@link #part} that stays where it was read: to be taken from there before
   * the next is cut.
   */
  int cut(int index, MemorySegment to, long at) {
    if (!gso) {
      int changed = complete ? csumField + 2 : 0;
      MemorySegment.copy(memory, ip, to, at, changed);
      part.take(memory, ip + changed, to, at, changed, total);
      if (complete) {
        // The field holds the sum of the pseudo-header, so it is summed along.
        long sum = InternetChecksum.add(0, memory, ip + csumStart, total - csumStart);
        to.set(NATIVE, at + csumField, checksum(sum));
      }
      return total;
    }
    int start = headerLength + index * gsoSize;
    int payload = Math.min(gsoSize, total - start);
    boolean last = index == count - 1;
    MemorySegment.copy(memory, ip, to, at, headerLength);
    int length = headerLength + payload;
    if (ipv6) {
      Ip.u16(to, at + Ip.V6_PAYLOAD_LENGTH, length - Ip.V6_HEADER);
    } else {
      Ip.u16(to, at + Ip.V4_TOTAL_LENGTH, length);
      Ip.u16(to, at + Ip.V4_ID, Ip.u16(memory, ip + Ip.V4_ID) + index);
      InternetChecksum.setIpv4Header(to, at, Ip.v4HeaderLength(to, at));
    }
    long transport = at + csumStart;
    int field;
    if (protocol == Ip.TCP) {
      Ip.i32(
          to,
          transport + Ip.TCP_SEQUENCE,
          Ip.i32(to, transport + Ip.TCP_SEQUENCE) + index * gsoSize);
      int flags = Ip.octet(to, transport + Ip.TCP_FLAGS);
      if (!last) {
        flags &= ~(Ip.TCP_FIN | Ip.TCP_PSH);
      }
      if (index > 0) {
        flags &= ~Ip.TCP_CWR;
      }
      Ip.octet(to, transport + Ip.TCP_FLAGS, flags);
      field = Ip.TCP_CHECKSUM;
    } else {
      Ip.u16(to, transport + Ip.UDP_LENGTH, length - csumStart);
      field = Ip.UDP_CHECKSUM;
    }
    to.set(NATIVE, transport + field, (short) 0);
    long sum = pseudo + InternetChecksum.net16(length - csumStart);
    // A TCP or UDP header has an even length, so the payload may be summed apart from it.
    sum = InternetChecksum.add(sum, to, transport, headerLength - csumStart);
    sum = InternetChecksum.add(sum, memory, ip + start, payload);
    part.take(memory, ip + start, to, at, headerLength, length);
    to.set(NATIVE, transport + field, checksum(sum));
    return length;
  }

  /**
   * Zero means "none" for UDP, and 0xffff is the same number in one's complement. Without a branch:
   * one of 65,536 packets would take it, and have the compiled code around it thrown away when the
   * first one does.
   */
  private static short checksum(long sum) {
    int value = ~InternetChecksum.fold(sum) & 0xffff;
    return (short) (value | (value - 1) >> 31);
  }
}
