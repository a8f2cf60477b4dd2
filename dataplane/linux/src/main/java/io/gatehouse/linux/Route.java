// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import io.gatehouse.wgquick.Prefix;

/**
 * A unicast route out of an interface, without a gateway.
 *
 * @param destination host bits are zero
 * @param ifIndex the interface
 * @param table number of the routing table, unsigned; see {@link #MAIN}
 * @param metric 0 for the kernel's default (0 for IPv4, 1024 for IPv6)
 */
public record Route(Prefix destination, int ifIndex, int table, int metric) {
  /** The table that plain {@code ip route} means. */
  public static final int MAIN = 254;

  /** Clears the host bits. */
  public Route {
    destination = destination.masked();
  }
}
