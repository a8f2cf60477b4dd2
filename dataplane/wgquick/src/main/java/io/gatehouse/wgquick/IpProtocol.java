// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.Locale;

/** A protocol above IP that rules are made for, by its IANA name. */
public enum IpProtocol {
  /** RFC 9293. */
  TCP,
  /** RFC 768. */
  UDP,
  /** RFC 792, and for IPv6 RFC 4443. */
  ICMP;

  /**
   * Reads a name, without regard to case.
   *
   * @throws IllegalArgumentException with a message fit for a finding
   */
  public static IpProtocol parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "tcp" -> TCP;
      case "udp" -> UDP;
      case "icmp" -> ICMP;
      default -> throw new IllegalArgumentException("\"" + text + "\" is not tcp, udp or icmp");
    };
  }

  /** Whether it has ports. */
  public boolean hasPorts() {
    return this != ICMP;
  }

  /** The name as it is written. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
