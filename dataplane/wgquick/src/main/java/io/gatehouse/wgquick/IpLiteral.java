// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Literal IP addresses as text: strict dotted quads and RFC 4291, written as RFC 5952. */
public final class IpLiteral {
  private IpLiteral() {}

  /**
   * Reads a literal address without scope. Never looks anything up.
   *
   * @throws IllegalArgumentException if the text is no literal address
   */
  public static InetAddress parse(String text) {
    try {
      if (text.indexOf(':') >= 0) {
        if (text.indexOf('%') < 0 && text.indexOf('[') < 0) {
          InetAddress address = InetAddress.ofLiteral(text);
          if (address.getAddress().length == 16) {
            return address;
          }
        }
      } else if (isDottedQuad(text)) {
        return Inet4Address.ofLiteral(text);
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the one message below.
    }
    throw new IllegalArgumentException("\"" + text + "\" is not an IPv4 or IPv6 address");
  }

  /** Four decimal numbers without leading zeros, as inet_pton(3) has it; the values come later. */
  private static boolean isDottedQuad(String text) {
    int dots = 0;
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' && digits > 0) {
        dots++;
        digits = 0;
      } else if (c < '0' || c > '9' || digits == 3 || digits == 1 && text.charAt(i - 1) == '0') {
        return false;
      } else {
        digits++;
      }
    }
    return dots == 3 && digits > 0;
  }

  /** The usual text of an address: IPv6 compressed and lower case (RFC 5952), no scope. */
  public static String format(InetAddress address) {
    byte[] octets = address.getAddress();
    if (octets.length == 4) {
      return (octets[0] & 255)
          + "."
          + (octets[1] & 255)
          + "."
          + (octets[2] & 255)
          + "."
          + (octets[3] & 255);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (octets[2 * i] & 255) << 8 | octets[2 * i + 1] & 255;
    }
    // The longest run of two or more zero groups, the first of equals, becomes "::".
    int start = -1;
    int run = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > run) {
        start = i;
        run = end - i;
      }
      i = Math.max(i, end - 1);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += run - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
