// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

/**
 * Where a peer is, as written in a file: a host name or literal address, and a port.
 *
 * @param host a name, an IPv4 literal, or an IPv6 literal without brackets, with {@code %zone} if
 *     given
 * @param port 1 to 65535
 */
public record EndpointAddress(String host, int port) {
  /** Checks the port. */
  public EndpointAddress {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 1..65535");
    }
  }

  /** {@code host:port}, with brackets around IPv6. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
