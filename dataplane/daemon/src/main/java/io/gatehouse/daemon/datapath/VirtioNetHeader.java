// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct virtio_net_hdr} of linux/virtio_net.h, which stands before every packet of the TUN
 * device. Ten octets, native byte order.
 */
final class VirtioNetHeader {
  static final int LENGTH = 10;

  static final int NEEDS_CSUM = 1;

  static final int GSO_NONE = 0;
  static final int GSO_TCPV4 = 1;
  static final int GSO_TCPV6 = 4;
  static final int GSO_UDP_L4 = 5;
  static final int GSO_ECN = 0x80;

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private VirtioNetHeader() {}

  static int flags(MemorySegment memory, long offset) {
    return Ip.octet(memory, offset);
  }

  /** The GSO type without its ECN bit. */
  static int gsoType(MemorySegment memory, long offset) {
    return Ip.octet(memory, offset + 1) & ~GSO_ECN;
  }

  /** Octets before the payload; the kernel trusts it only as a hint. */
  static int headerLength(MemorySegment memory, long offset) {
    return memory.get(SHORT, offset + 2) & 0xffff;
  }

  static int gsoSize(MemorySegment memory, long offset) {
    return memory.get(SHORT, offset + 4) & 0xffff;
  }

  static int csumStart(MemorySegment memory, long offset) {
    return memory.get(SHORT, offset + 6) & 0xffff;
  }

  static int csumOffset(MemorySegment memory, long offset) {
    return memory.get(SHORT, offset + 8) & 0xffff;
  }

  /** Writes a header that asks for nothing. */
  static void clear(MemorySegment memory, long offset) {
    memory.set(LONG, offset, 0);
    memory.set(SHORT, offset + 8, (short) 0);
  }

  /** Writes the header of a super-packet whose transport checksum the kernel completes. */
  static void gso(
      MemorySegment memory,
      long offset,
      int gsoType,
      int headerLength,
      int gsoSize,
      int csumStart,
      int csumOffset) {
    Ip.octet(memory, offset, NEEDS_CSUM);
    Ip.octet(memory, offset + 1, gsoType);
    memory.set(SHORT, offset + 2, (short) headerLength);
    memory.set(SHORT, offset + 4, (short) gsoSize);
    memory.set(SHORT, offset + 6, (short) csumStart);
    memory.set(SHORT, offset + 8, (short) csumOffset);
  }
}
