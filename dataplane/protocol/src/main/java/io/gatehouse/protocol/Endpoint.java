// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.wgquick.IpLiteral;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Where datagrams of a peer go and which local address they leave from. Values in the form of a
 * dual-stack socket: IPv4 is IPv4-mapped IPv6 (RFC 4291, 2.5.5.2).
 *
 * @param addressHigh octets 0-7 of the remote address, big endian
 * @param addressLow octets 8-15 of the remote address, big endian
 * @param port remote port, 1 to 65535
 * @param scopeId zone of a link-local remote address, else 0
 * @param sourceHigh octets 0-7 of the local address to send from; all zero lets the system choose
 * @param sourceLow octets 8-15 of the local address
 * @param sourceIfIndex interface the last datagram came in by, 0 when unknown
 */
public record Endpoint(
    long addressHigh,
    long addressLow,
    int port,
    int scopeId,
    long sourceHigh,
    long sourceLow,
    int sourceIfIndex) {
  private static final long MAPPED = 0xffff_0000_0000L;

  /**
   * The endpoint of a resolved socket address, with the source left to the system.
   *
   * @throws IllegalArgumentException if the address is unresolved
   */
  public static Endpoint of(InetSocketAddress remote) {
    InetAddress address = remote.getAddress();
    if (address == null) {
      throw new IllegalArgumentException("unresolved endpoint " + remote);
    }
    ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
    if (address instanceof Inet6Address six) {
      return new Endpoint(
          octets.getLong(), octets.getLong(), remote.getPort(), six.getScopeId(), 0, 0, 0);
    }
    return new Endpoint(0, MAPPED | octets.getInt() & 0xffff_ffffL, remote.getPort(), 0, 0, 0, 0);
  }

  /** Whether the remote address is IPv4. */
  public boolean isIpv4() {
    return addressHigh == 0 && addressLow >>> 32 == MAPPED >>> 32;
  }

  /** Whether datagrams leave from a given local address. */
  boolean hasSource() {
    return (sourceHigh | sourceLow | sourceIfIndex) != 0;
  }

  /** The same remote with the source left to the system (sticky source cleared). */
  public Endpoint withoutSource() {
    return hasSource() ? new Endpoint(addressHigh, addressLow, port, scopeId, 0, 0, 0) : this;
  }

  /** The remote address. */
  public InetAddress address() {
    ByteBuffer octets = ByteBuffer.allocate(16).putLong(addressHigh).putLong(addressLow);
    try {
      // For a mapped address this gives the IPv4 one.
      return InetAddress.getByAddress(octets.array());
    } catch (UnknownHostException e) {
      throw new AssertionError("sixteen octets are an address", e);
    }
  }

  /** {@code address:port}, {@code [address]:port} or {@code [address%zone]:port}. */
  @Override
  public String toString() {
    String literal = IpLiteral.format(address());
    if (isIpv4()) {
      return literal + ":" + port;
    }
    return "[" + literal + (scopeId == 0 ? "" : "%" + scopeId) + "]:" + port;
  }
}
