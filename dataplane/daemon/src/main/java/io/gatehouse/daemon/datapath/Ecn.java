// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.lang.foreign.MemorySegment;

/** Congestion marks at the end of a tunnel (RFC 6040, section 4.2). */
final class Ecn {
  private Ecn() {}

  /**
   * Carries an outer "congestion experienced" over to the inner packet.
   *
   * @return false when the inner packet's transport knows no ECN: such a packet must be dropped
   */
  static boolean setCongestionExperienced(MemorySegment memory, long ip, boolean ipv6) {
    if ((Ip.trafficClass(memory, ip, ipv6) & Ip.ECN_MASK) == 0) {
      return false;
    }
    if (ipv6) {
      Ip.octet(memory, ip + 1, Ip.octet(memory, ip + 1) | Ip.ECN_CE << 4);
    } else {
      Ip.octet(memory, ip + Ip.V4_TOS, Ip.octet(memory, ip + Ip.V4_TOS) | Ip.ECN_CE);
      InternetChecksum.setIpv4Header(memory, ip, Ip.v4HeaderLength(memory, ip));
    }
    return true;
  }
}
