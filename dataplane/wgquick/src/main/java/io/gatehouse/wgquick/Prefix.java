// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.net.InetAddress;

/**
 * An IP address with a prefix length, as in {@code Address} and {@code AllowedIPs}.
 *
 * <p>Host bits are kept, since an interface address needs them; {@link #masked} drops them.
 *
 * @param address IPv4 or IPv6 (an IPv4-mapped one is IPv6), without a scope
 * @param length 0 to 32 or 0 to 128
 */
public record Prefix(InetAddress address, int length) {
  /** Checks the length against the family. */
  public Prefix {
    if (length < 0 || length > 8 * address.getAddress().length) {
      throw new IllegalArgumentException(
          "prefix length " + length + " is not in 0.." + 8 * address.getAddress().length);
    }
  }

  /**
   * Reads {@code ADDRESS} or {@code ADDRESS/LENGTH}; a bare address is a host prefix. Only literal
   * addresses: nothing is ever looked up.
   *
   * @throws IllegalArgumentException with a message fit for a finding
   */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
    int bits = 8 * address.getAddress().length;
    if (slash < 0) {
      return new Prefix(address, bits);
    }
    String digits = text.substring(slash + 1);
    int length = digits.isEmpty() ? -1 : 0;
    for (int i = 0; i < digits.length() && length >= 0; i++) {
      char c = digits.charAt(i);
      length = c < '0' || c > '9' ? -1 : 10 * length + c - '0';
      length = length > bits ? -1 : length;
    }
    if (length < 0) {
      throw new IllegalArgumentException(
          "prefix length \"" + digits + "\" is not a number in 0.." + bits);
    }
    return new Prefix(address, length);
  }

  /** Whether this is an IPv6 prefix. */
  public boolean isIpv6() {
    return address.getAddress().length == 16;
  }

  /** The same prefix with its host bits zero. */
  public Prefix masked() {
    byte[] octets = address.getAddress();
    boolean same = true;
    for (int i = length >> 3; i < octets.length; i++) {
      int mask = i == length >> 3 ? 0xff00 >> (length & 7) : 0;
      same &= (octets[i] & ~mask & 0xff) == 0;
      octets[i] &= (byte) mask;
    }
    if (same) {
      return this;
    }
    return new Prefix(IpLiteral.address(octets), length);
  }

  /** Whether every address of {@code other} is in this prefix. */
  public boolean contains(Prefix other) {
    return isIpv6() == other.isIpv6()
        && other.length >= length
        && new Prefix(other.address, length).masked().address.equals(masked().address);
  }

  /** {@code ADDRESS/LENGTH}, IPv6 in the short form of RFC 5952. */
  @Override
  public String toString() {
    return IpLiteral.format(address) + "/" + length;
  }
}
