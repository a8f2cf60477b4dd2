// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where the fields of IPv4, IPv6, TCP and UDP headers are (RFC 791, 8200, 9293, 768), in octets.
 */
final class Ip {
  static final int V4_TOS = 1;
  static final int V4_TOTAL_LENGTH = 2;
  static final int V4_ID = 4;
  static final int V4_FRAGMENT = 6;
  static final int V4_TTL = 8;
  static final int V4_PROTOCOL = 9;
  static final int V4_CHECKSUM = 10;
  static final int V4_SOURCE = 12;
  static final int V4_DESTINATION = 16;
  static final int V4_HEADER = 20;

  static final int V6_PAYLOAD_LENGTH = 4;
  static final int V6_NEXT_HEADER = 6;
  static final int V6_HOP_LIMIT = 7;
  static final int V6_SOURCE = 8;
  static final int V6_DESTINATION = 24;
  static final int V6_HEADER = 40;

  static final int TCP = 6;
  static final int TCP_SEQUENCE = 4;
  static final int TCP_ACKNOWLEDGEMENT = 8;
  static final int TCP_DATA_OFFSET = 12;
  static final int TCP_FLAGS = 13;
  static final int TCP_WINDOW = 14;
  static final int TCP_CHECKSUM = 16;
  static final int TCP_HEADER = 20;
  static final int TCP_FIN = 0x01;
  static final int TCP_PSH = 0x08;
  static final int TCP_ACK = 0x10;
  static final int TCP_CWR = 0x80;

  static final int UDP = 17;
  static final int UDP_LENGTH = 4;
  static final int UDP_CHECKSUM = 6;
  static final int UDP_HEADER = 8;

  static final int ICMP = 1;
  static final int ICMPV6 = 58;
  static final int ICMP_CHECKSUM = 2;
  static final int ICMP_HEADER = 8;

  static final int ECN_MASK = 3;
  static final int ECN_NOT_ECT = 0;
  static final int ECN_ECT1 = 1;
  static final int ECN_ECT0 = 2;
  static final int ECN_CE = 3;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Ip() {}

  static int octet(MemorySegment memory, long offset) {
    return memory.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  static void octet(MemorySegment memory, long offset, int value) {
    memory.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
  }

  static int u16(MemorySegment memory, long offset) {
    return memory.get(SHORT, offset) & 0xffff;
  }

  static void u16(MemorySegment memory, long offset, int value) {
    memory.set(SHORT, offset, (short) value);
  }

  static int i32(MemorySegment memory, long offset) {
    return memory.get(INT, offset);
  }

  static void i32(MemorySegment memory, long offset, int value) {
    memory.set(INT, offset, value);
  }

  static long i64(MemorySegment memory, long offset) {
    return memory.get(LONG, offset);
  }

  /** 4 or 6, or whatever else the first octet says. */
  static int version(MemorySegment memory, long ip) {
    return octet(memory, ip) >>> 4;
  }

  /** Octets of the IPv4 header with its options. */
  static int v4HeaderLength(MemorySegment memory, long ip) {
    return (octet(memory, ip) & 15) << 2;
  }

  /** The traffic class or type of service octet. */
  static int trafficClass(MemorySegment memory, long ip, boolean ipv6) {
    return ipv6 ? u16(memory, ip) >>> 4 & 0xff : octet(memory, ip + V4_TOS);
  }
}
