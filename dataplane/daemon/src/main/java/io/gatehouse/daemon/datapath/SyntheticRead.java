// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What a read of the TUN device gives: a virtio header and a packet or super-packet. */
final class SyntheticRead {
  private SyntheticRead() {}

  /**
   * A TCP packet as Linux sends it, with the timestamp option.
   *
   * @param payload octets of one segment
   * @param segments how many; the last is a little shorter when there are several
   */
  static MemorySegment tcp(boolean ipv6, int port, int flags, int payload, int segments) {
    int header = Ip.TCP_HEADER + 12;
    MemorySegment read = packet(ipv6, Ip.TCP, header, payload, segments);
    int transport = transport(ipv6);
    Ip.u16(read, transport, port);
    Ip.octet(read, transport + Ip.TCP_DATA_OFFSET, header << 2);
    Ip.octet(read, transport + Ip.TCP_FLAGS, flags);
    Ip.i32(read, transport + Ip.TCP_HEADER, 0x0101_080a);
    return read;
  }

  /** A UDP packet; of several segments the last is a little shorter. */
  static MemorySegment udp(boolean ipv6, int port, int payload, int segments) {
    MemorySegment read = packet(ipv6, Ip.UDP, Ip.UDP_HEADER, payload, segments);
    int transport = transport(ipv6);
    Ip.u16(read, transport, port);
    Ip.u16(read, transport + Ip.UDP_LENGTH, (int) read.byteSize() - transport);
    return read;
  }

  /**
   * The same packet as a program sends it that sums for itself; without UDP's, which is optional.
   */
  static MemorySegment complete(MemorySegment read) {
    VirtioNetHeader.clear(read, 0);
    return read;
  }

  /** An ICMP packet over IPv4 of so many octets after its IP header. */
  static MemorySegment echo(int octets) {
    MemorySegment read = complete(udp(false, 0, octets - Ip.UDP_HEADER, 1));
    Ip.octet(read, VirtioNetHeader.LENGTH + Ip.V4_PROTOCOL, Ip.ICMP);
    InternetChecksum.setIpv4Header(read, VirtioNetHeader.LENGTH, Ip.V4_HEADER);
    return read;
  }

  /** The same IPv4 packet as one whose sender heeds congestion marks (RFC 3168). */
  static MemorySegment ecnCapable(MemorySegment read) {
    Ip.octet(read, VirtioNetHeader.LENGTH + Ip.V4_TOS, 2);
    InternetChecksum.setIpv4Header(read, VirtioNetHeader.LENGTH, Ip.V4_HEADER);
    return read;
  }

  /** The same IPv6 packet to a group, as every Linux interface sends some that no peer wants. */
  static MemorySegment toNobody(MemorySegment read) {
    Ip.octet(read, VirtioNetHeader.LENGTH + Ip.V6_DESTINATION, 0xff);
    return read;
  }

  static boolean isToNobody(MemorySegment read) {
    return Ip.version(read, VirtioNetHeader.LENGTH) == 6
        && Ip.octet(read, VirtioNetHeader.LENGTH + Ip.V6_DESTINATION) == 0xff;
  }

  private static int transport(boolean ipv6) {
    return VirtioNetHeader.LENGTH + (ipv6 ? Ip.V6_HEADER : Ip.V4_HEADER);
  }

  private static MemorySegment packet(
      boolean ipv6, int protocol, int transportHeader, int payload, int segments) {
    int network = ipv6 ? Ip.V6_HEADER : Ip.V4_HEADER;
    int shorter = segments > 1 ? Math.min(payload - 1, 7) : 0;
    int total = network + transportHeader + payload * segments - shorter;
    long ip = VirtioNetHeader.LENGTH;
    MemorySegment read = Arena.ofAuto().allocate(ip + total);
    int gsoType =
        protocol == Ip.UDP
            ? VirtioNetHeader.GSO_UDP_L4
            : ipv6 ? VirtioNetHeader.GSO_TCPV6 : VirtioNetHeader.GSO_TCPV4;
    VirtioNetHeader.gso(
        read,
        0,
        segments == 1 ? VirtioNetHeader.GSO_NONE : gsoType,
        network + transportHeader,
        segments == 1 ? 0 : payload,
        network,
        protocol == Ip.UDP ? Ip.UDP_CHECKSUM : Ip.TCP_CHECKSUM);
    if (ipv6) {
      Ip.octet(read, ip, 0x60);
      Ip.u16(read, ip + Ip.V6_PAYLOAD_LENGTH, total - network);
      Ip.octet(read, ip + Ip.V6_NEXT_HEADER, protocol);
      Ip.octet(read, ip + Ip.V6_SOURCE, 0xfd);
      Ip.octet(read, ip + Ip.V6_DESTINATION, 0xfd);
    } else {
      Ip.octet(read, ip, 0x45);
      Ip.u16(read, ip + Ip.V4_TOTAL_LENGTH, total);
      Ip.octet(read, ip + Ip.V4_PROTOCOL, protocol);
      Ip.octet(read, ip + Ip.V4_SOURCE, 10);
      Ip.octet(read, ip + Ip.V4_DESTINATION, 10);
      InternetChecksum.setIpv4Header(read, ip, Ip.V4_HEADER);
    }
    long pseudo =
        InternetChecksum.pseudoHeader(read, ip, ipv6, protocol)
            + InternetChecksum.net16(total - network);
    int field = protocol == Ip.UDP ? Ip.UDP_CHECKSUM : Ip.TCP_CHECKSUM;
    read.set(
        ValueLayout.JAVA_SHORT_UNALIGNED,
        ip + network + field,
        (short) InternetChecksum.fold(pseudo));
    return read;
  }
}
