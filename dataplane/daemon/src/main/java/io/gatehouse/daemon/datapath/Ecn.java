// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.foreign.MemorySegment;

/**
 * Congestion marks at both ends of a tunnel (RFC 6040). Only these two bits cross the border: the
 * inner DSCP stays inside.
 */
final class Ecn {
  private Ecn() {}

  /**
   * The outer traffic class of a packet. One that has met congestion already travels as ECT(0), as
   * the kernel has it, so that the inner mark stays the only one.
   *
   * @return ECN bits, DSCP 0
   */
  static int encapsulate(MemorySegment memory, long ip, boolean ipv6) {
    int inner = Ip.trafficClass(memory, ip, ipv6) & Ip.ECN_MASK;
    return inner == Ip.ECN_CE ? Ip.ECN_ECT0 : inner;
  }

  /**
   * Carries the outer mark over to the inner packet (section 4.2, figure 4).
   *
   * @param outer traffic class of the datagram
   * @return false when the outer one met congestion and the inner packet's transport knows no ECN:
   *     such a packet must be dropped
   */
  static boolean decapsulate(MemorySegment memory, long ip, boolean ipv6, int outer) {
    int mark = outer & Ip.ECN_MASK;
    int inner = Ip.trafficClass(memory, ip, ipv6) & Ip.ECN_MASK;
    if (mark == Ip.ECN_CE) {
      if (inner == Ip.ECN_NOT_ECT) {
        return false;
      }
      mark(memory, ip, ipv6, Ip.ECN_CE);
    } else if (mark == Ip.ECN_ECT1 && inner == Ip.ECN_ECT0) {
      mark(memory, ip, ipv6, Ip.ECN_ECT1);
    }
    return true;
  }

  private static void mark(MemorySegment memory, long ip, boolean ipv6, int ecn) {
    if (ipv6) {
      Ip.octet(memory, ip + 1, Ip.octet(memory, ip + 1) & ~(Ip.ECN_MASK << 4) | ecn << 4);
      return;
    }
    int before = Ip.u16(memory, ip);
    Ip.octet(memory, ip + Ip.V4_TOS, before & 0xff & ~Ip.ECN_MASK | ecn);
    InternetChecksum.replace(memory, ip + Ip.V4_CHECKSUM, before, Ip.u16(memory, ip));
  }
}
