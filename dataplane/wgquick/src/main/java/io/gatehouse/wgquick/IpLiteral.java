// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Literal IP addresses as text, as inet_pton(3) and inet_ntop(3) have them: strict dotted quads,
 * RFC 4291, and RFC 5952 for writing. An IPv4-mapped IPv6 address stays IPv6.
 */
public final class IpLiteral {
  private static final int GROUPS = 8;

  private IpLiteral() {}

  /**
   * Reads a literal address without scope. Never looks anything up.
   *
   * @throws IllegalArgumentException if the text is no literal address
   */
  public static InetAddress parse(String text) {
    byte[] octets = text.indexOf(':') < 0 ? four(text) : six(text);
    if (octets.length == 0) {
      throw new IllegalArgumentException("\"" + text + "\" is not an IPv4 or IPv6 address");
    }
    return address(octets);
  }

  /**
   * The address of 4 or 16 octets, big endian; unlike the JDK's, sixteen are always IPv6.
   *
   * @throws IllegalArgumentException if there are neither 4 nor 16
   */
  public static InetAddress address(byte[] octets) {
    try {
      return octets.length == 16
          ? Inet6Address.getByAddress(null, octets, -1)
          : InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 octets", e);
    }
  }

  /** Four decimal numbers without leading zeros; no octets if the text is not that. */
  private static byte[] four(String text) {
    byte[] octets = new byte[4];
    int octet = 0;
    int digits = 0;
    int number = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '.';
      if (c == '.' && digits > 0 && octet < 4) {
        octets[octet++] = (byte) number;
        digits = 0;
        number = 0;
      } else if (c >= '0' && c <= '9' && (digits == 0 || number > 0)) {
        digits++;
        number = 10 * number + c - '0';
        if (number > 255) {
          return new byte[0];
        }
      } else {
        return new byte[0];
      }
    }
    return octet == 4 ? octets : new byte[0];
  }

  /** Groups of one to four digits, one {@code ::}, a dotted quad at the end. */
  private static byte[] six(String text) {
    int[] groups = new int[GROUPS];
    int count = 0;
    int gap = -1;
    int i = 0;
    if (text.startsWith("::")) {
      gap = 0;
      i = 2;
    }
    while (i < text.length()) {
      int colon = text.indexOf(':', i);
      String group = text.substring(i, colon < 0 ? text.length() : colon);
      if (colon < 0 && group.indexOf('.') >= 0) {
        byte[] quad = four(group);
        if (quad.length == 0 || count > GROUPS - 2) {
          return new byte[0];
        }
        groups[count++] = (quad[0] & 255) << 8 | quad[1] & 255;
        groups[count++] = (quad[2] & 255) << 8 | quad[3] & 255;
        break;
      }
      int number = group(group);
      if (number < 0 || count == GROUPS) {
        return new byte[0];
      }
      groups[count++] = number;
      i = colon < 0 ? text.length() : colon + 1;
      if (colon >= 0 && text.startsWith(":", i)) {
        if (gap >= 0) {
          return new byte[0];
        }
        gap = count;
        i++;
      } else if (colon >= 0 && i == text.length()) {
        return new byte[0];
      }
    }
    if (gap < 0 ? count != GROUPS : count == GROUPS) {
      return new byte[0];
    }
    byte[] octets = new byte[2 * GROUPS];
    for (int g = 0; g < count; g++) {
      // What stands behind the gap stands at the end.
      int place = gap >= 0 && g >= gap ? g + GROUPS - count : g;
      octets[2 * place] = (byte) (groups[g] >> 8);
      octets[2 * place + 1] = (byte) groups[g];
    }
    return octets;
  }

  /** One to four hexadecimal digits, -1 if it is not that. */
  private static int group(String text) {
    int number = text.isEmpty() || text.length() > 4 ? -1 : 0;
    for (int i = 0; i < text.length() && number >= 0; i++) {
      int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
      number = digit < 0 ? -1 : number << 4 | digit;
    }
    return number;
  }

  /** The usual text of an address: IPv6 compressed and lower case (RFC 5952), no scope. */
  public static String format(InetAddress address) {
    byte[] octets = address.getAddress();
    if (octets.length == 4) {
      return quad(octets, 0);
    }
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (octets[2 * i] & 255) << 8 | octets[2 * i + 1] & 255;
    }
    // The longest run of two or more zero groups, the first of equals, becomes "::".
    int start = -1;
    int run = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > run) {
        start = i;
        run = end - i;
      }
      i = Math.max(i, end - 1);
    }
    // IPv4-mapped and IPv4-compatible addresses end in a dotted quad (RFC 5952, section 5).
    boolean dotted = start == 0 && (run == 6 || run == 5 && groups[5] == 0xffff);
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < (dotted ? 6 : GROUPS); i++) {
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
    if (dotted) {
      text.append(run == 5 ? ":" : "").append(quad(octets, 12));
    }
    return text.toString();
  }

  private static String quad(byte[] octets, int at) {
    return (octets[at] & 255)
        + "."
        + (octets[at + 1] & 255)
        + "."
        + (octets[at + 2] & 255)
        + "."
        + (octets[at + 3] & 255);
  }
}
