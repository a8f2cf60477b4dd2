// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071) over native memory.
 *
 * <p>Sums are kept in the machine's byte order, which the one's complement sum allows (RFC 1071,
 * section 2 B): a folded sum is stored as a native 16-bit value and is then right on the wire.
 * Fields that are not in memory go in through {@link #net16}.
 */
final class InternetChecksum {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  private static final long LOW = 0xffff_ffffL;

  /** A longer part is summed in strides of so many octets. */
  private static final int STRIDE = 64;

  /** Whether {@link VectorSum} is compiled; set once, and harmless to see late. */
  private static boolean vectors;

  private InternetChecksum() {}

  /**
   * Gets the fast way compiled and takes it from then on, where the VM has vectors.
   *
   * @param between called again and again on the way, and may wait
   */
  static void warmUp(Runnable between) {
    try {
      vectors = vectors || VectorSum.warmUp(between);
    } catch (LinkageError e) {
      // Java was started without the Vector API; the slow twin does the same.
      vectors = false;
    }
  }

  /** A 16-bit value in network byte order, as the native value that its two octets load as. */
  static int net16(int value) {
    return LITTLE ? Short.reverseBytes((short) value) & 0xffff : value & 0xffff;
  }

  /**
   * Adds octets to an unfolded sum. A part of odd length may only be the last one.
   *
   * @param length 0 to 65535
   */
  static long add(long sum, MemorySegment memory, long offset, int length) {
    long at = offset;
    long end = offset + length;
    if (length >= STRIDE) {
      int strides = length & -STRIDE;
      sum += addStrides(memory, at, strides);
      at += strides;
    }
    return addTail(addWords(sum, memory, at, end), memory, at + (end - at & -16), end);
  }

  /**
   * The long part of a sum. etc/dataplane.jvm keeps it out of its callers' compiled code: when the
   * fast way is ready, this alone is compiled again.
   */
  private static long addStrides(MemorySegment memory, long offset, int length) {
    int fast = vectors ? length & -VectorSum.STRIDE : 0;
    long sum = fast > 0 ? VectorSum.add(memory, offset, fast) : 0;
    return addWords(sum, memory, offset + fast, offset + length);
  }

  private static long addWords(long sum, MemorySegment memory, long from, long end) {
    long other = 0;
    // Two sums, so that one addition does not wait for the other.
    for (long at = from; at + 16 <= end; at += 16) {
      long a = memory.get(LONG, at);
      long b = memory.get(LONG, at + 8);
      sum += (a & LOW) + (a >>> 32);
      other += (b & LOW) + (b >>> 32);
    }
    return sum + other;
  }

  private static long addTail(long sum, MemorySegment memory, long at, long end) {
    for (; at + 4 <= end; at += 4) {
      sum += memory.get(INT, at) & LOW;
    }
    if (at + 2 <= end) {
      sum += memory.get(SHORT, at) & 0xffff;
      at += 2;
    }
    if (at < end) {
      int octet = memory.get(BYTE, at) & 0xff;
      sum += LITTLE ? octet : octet << 8;
    }
    return sum;
  }

  /** The 16-bit one's complement sum, native order, 0 to 0xffff. */
  static int fold(long sum) {
    sum = (sum & LOW) + (sum >>> 32);
    sum = (sum & LOW) + (sum >>> 32);
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    return (int) ((sum & 0xffff) + (sum >>> 16));
  }

  /** Sets a checksum over octets that hold it as zero, beginning with an unfolded sum. */
  static void set(MemorySegment memory, long field, long offset, int length, long start) {
    memory.set(SHORT, field, (short) ~fold(add(start, memory, offset, length)));
  }

  /** Sets the IPv4 header checksum of the header at {@code offset}. */
  static void setIpv4Header(MemorySegment memory, long offset, int headerLength) {
    memory.set(SHORT, offset + Ip.V4_CHECKSUM, (short) 0);
    memory.set(SHORT, offset + Ip.V4_CHECKSUM, (short) ~fold(add(0, memory, offset, headerLength)));
  }

  /**
   * Brings a checksum up to date with one 16-bit word that changed (RFC 1624, equation 3). One that
   * was wrong stays wrong.
   */
  static void replace(MemorySegment memory, long field, int before, int after) {
    int sum = (~Ip.u16(memory, field) & 0xffff) + (~before & 0xffff) + after;
    Ip.u16(memory, field, ~fold(sum));
  }

  /**
   * The pseudo-header's part that does not depend on the length (RFC 9293 3.1, RFC 8200 8.1).
   *
   * @param protocol TCP or UDP
   */
  static long pseudoHeader(MemorySegment memory, long ip, boolean ipv6, int protocol) {
    long sum = net16(protocol);
    return ipv6 ? add(sum, memory, ip + Ip.V6_SOURCE, 32) : add(sum, memory, ip + Ip.V4_SOURCE, 8);
  }
}
