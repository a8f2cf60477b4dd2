// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Tells a sender on this side that its packet has no way: "destination host unreachable" (RFC 792)
 * or "address unreachable" (RFC 4443), as the kernel module answers where no peer has the
 * destination or the peer's endpoint is not known. A program that connects then fails at once
 * instead of after minutes.
 *
 * <p>The answer comes from the address that was not reached: the one address whose way back is this
 * interface, so that no reverse-path filter takes offence. Belongs to the transmit direction;
 * allocates nothing after construction.
 */
final class Unreachable {
  /** Longest answers, in octets (RFC 1812, 4.3.2.3; RFC 4443, 2.4 c). */
  private static final int MAX_V4 = 576;

  private static final int MAX_V6 = 1280;

  /** At most so many a second on average, and so many at once. */
  private static final int PER_SECOND = 100;

  private static final int BURST = 50;

  private static final int HOST_UNREACHABLE = 0x0301;
  private static final int ADDRESS_UNREACHABLE = 0x0103;
  private static final int INTERNETWORK_CONTROL = 0xc0;
  private static final int TTL = 64;

  private final PacketSink sink;
  private final MemorySegment answer = Arena.ofAuto().allocate(VirtioNetHeader.LENGTH + MAX_V6, 16);

  private final Pace pace;

  /**
   * An answerer that has been quiet.
   *
   * @param sink where senders are
   */
  Unreachable(PacketSink sink, long now) {
    this.sink = sink;
    pace = new Pace(PER_SECOND, BURST, now);
  }

  /**
   * Whether an answer may go now; asked before anything is done for it, and counted as sent.
   *
   * @param now monotonic, ns
   */
  boolean allowed(long now) {
    return pace.spend(now);
  }

  /**
   * Answers a complete IP packet, unless it is of a kind that must not be answered.
   *
   * @param length octets of the packet
   */
  void answer(MemorySegment packet, long ip, int length, boolean ipv6) {
    int octets =
        ipv6
            ? mayBeAnswered6(packet, ip, length) ? answer6(packet, ip, length) : 0
            : mayBeAnswered4(packet, ip, length) ? answer4(packet, ip, length) : 0;
    if (octets == 0) {
      return;
    }
    long at = VirtioNetHeader.LENGTH;
    if (sink.vnetHeader()) {
      VirtioNetHeader.clear(answer, 0);
      at = 0;
      octets += VirtioNetHeader.LENGTH;
    }
    // Refused or not: the packet itself was counted.
    sink.write(answer, at, octets);
  }

  /** RFC 1122, 3.2.2: no answer to an error, to many, to a later fragment, to nobody. */
  private static boolean mayBeAnswered4(MemorySegment packet, long ip, int length) {
    int header = Ip.v4HeaderLength(packet, ip);
    return header >= Ip.V4_HEADER
        && header + Ip.ICMP_HEADER <= length
        && (Ip.u16(packet, ip + Ip.V4_FRAGMENT) & 0x1fff) == 0
        && isUnicast4(Ip.i32(packet, ip + Ip.V4_SOURCE))
        && isUnicast4(Ip.i32(packet, ip + Ip.V4_DESTINATION))
        && (Ip.octet(packet, ip + Ip.V4_PROTOCOL) != Ip.ICMP
            || isQuery4(Ip.octet(packet, ip + header)));
  }

  private static boolean isUnicast4(int address) {
    return address >>> 24 != 0 && address >>> 28 < 14;
  }

  private static boolean isQuery4(int icmpType) {
    return icmpType == 0 || icmpType == 8 || icmpType >= 13 && icmpType <= 18;
  }

  /** RFC 4443, 2.4 e. */
  private static boolean mayBeAnswered6(MemorySegment packet, long ip, int length) {
    return length >= Ip.V6_HEADER + Ip.ICMP_HEADER
        && isUnicast6(packet, ip + Ip.V6_SOURCE)
        && isUnicast6(packet, ip + Ip.V6_DESTINATION)
        && (Ip.octet(packet, ip + Ip.V6_NEXT_HEADER) != Ip.ICMPV6
            || Ip.octet(packet, ip + Ip.V6_HEADER) >= 128);
  }

  private static boolean isUnicast6(MemorySegment packet, long at) {
    return Ip.octet(packet, at) != 0xff && (Ip.i64(packet, at) | Ip.i64(packet, at + 8)) != 0;
  }

  private int answer4(MemorySegment packet, long ip, int length) {
    long to = VirtioNetHeader.LENGTH;
    int quoted = Math.min(length, MAX_V4 - Ip.V4_HEADER - Ip.ICMP_HEADER);
    int total = Ip.V4_HEADER + Ip.ICMP_HEADER + quoted;
    answer.asSlice(to, Ip.V4_HEADER + Ip.ICMP_HEADER).fill((byte) 0);
    Ip.octet(answer, to, 0x45);
    Ip.octet(answer, to + Ip.V4_TOS, INTERNETWORK_CONTROL);
    Ip.u16(answer, to + Ip.V4_TOTAL_LENGTH, total);
    Ip.octet(answer, to + Ip.V4_TTL, TTL);
    Ip.octet(answer, to + Ip.V4_PROTOCOL, Ip.ICMP);
    Ip.i32(answer, to + Ip.V4_SOURCE, Ip.i32(packet, ip + Ip.V4_DESTINATION));
    Ip.i32(answer, to + Ip.V4_DESTINATION, Ip.i32(packet, ip + Ip.V4_SOURCE));
    InternetChecksum.setIpv4Header(answer, to, Ip.V4_HEADER);
    quote(packet, ip, quoted, to + Ip.V4_HEADER, HOST_UNREACHABLE, 0);
    return total;
  }

  private int answer6(MemorySegment packet, long ip, int length) {
    long to = VirtioNetHeader.LENGTH;
    int quoted = Math.min(length, MAX_V6 - Ip.V6_HEADER - Ip.ICMP_HEADER);
    answer.asSlice(to, Ip.V6_HEADER + Ip.ICMP_HEADER).fill((byte) 0);
    Ip.octet(answer, to, 0x60);
    Ip.u16(answer, to + Ip.V6_PAYLOAD_LENGTH, Ip.ICMP_HEADER + quoted);
    Ip.octet(answer, to + Ip.V6_NEXT_HEADER, Ip.ICMPV6);
    Ip.octet(answer, to + Ip.V6_HOP_LIMIT, TTL);
    MemorySegment.copy(packet, ip + Ip.V6_DESTINATION, answer, to + Ip.V6_SOURCE, 16);
    MemorySegment.copy(packet, ip + Ip.V6_SOURCE, answer, to + Ip.V6_DESTINATION, 16);
    long pseudo =
        InternetChecksum.pseudoHeader(answer, to, true, Ip.ICMPV6)
            + InternetChecksum.net16(Ip.ICMP_HEADER + quoted);
    quote(packet, ip, quoted, to + Ip.V6_HEADER, ADDRESS_UNREACHABLE, pseudo);
    return Ip.V6_HEADER + Ip.ICMP_HEADER + quoted;
  }

  private void quote(
      MemorySegment packet, long ip, int octets, long icmp, int typeAndCode, long pseudo) {
    Ip.u16(answer, icmp, typeAndCode);
    MemorySegment.copy(packet, ip, answer, icmp + Ip.ICMP_HEADER, octets);
    InternetChecksum.set(answer, icmp + Ip.ICMP_CHECKSUM, icmp, Ip.ICMP_HEADER + octets, pseudo);
  }
}
