// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What a read of the TUN device gives: a virtio header and a packet or super-packet. */
final class SyntheticRead {
  private SyntheticRead() {}

  static MemorySegment tcp(boolean ipv6, int payload, int segments) {
    MemorySegment read = packet(ipv6, Ip.TCP, Ip.TCP_HEADER, payload, segments);
    int transport = transport(ipv6);
    Ip.octet(read, transport + Ip.TCP_DATA_OFFSET, Ip.TCP_HEADER << 2);
    Ip.octet(read, transport + Ip.TCP_FLAGS, Ip.TCP_ACK);
    return read;
  }

  static MemorySegment udp(boolean ipv6, int payload, int segments) {
    MemorySegment read = packet(ipv6, Ip.UDP, Ip.UDP_HEADER, payload, segments);
    Ip.u16(read, transport(ipv6) + Ip.UDP_LENGTH, Ip.UDP_HEADER + payload * segments);
    return read;
  }

  private static int transport(boolean ipv6) {
    return VirtioNetHeader.LENGTH + (ipv6 ? Ip.V6_HEADER : Ip.V4_HEADER);
  }

  private static MemorySegment packet(
      boolean ipv6, int protocol, int transportHeader, int payload, int segments) {
    int network = ipv6 ? Ip.V6_HEADER : Ip.V4_HEADER;
    int total = network + transportHeader + payload * segments;
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
