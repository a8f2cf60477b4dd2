// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import io.gatehouse.wgquick.TunnelConfig.Table;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalLong;

/**
 * The values of keys: what wg(8) (config.c) and wg-quick(8) with ip(8) take, and nothing else.
 *
 * <p>Stricter on purpose in three places, each a trap of the stock tools: port numbers above 65535
 * do not wrap, a port is a number and not a service name, and IPv4-mapped IPv6 is refused.
 */
final class Values {
  private Values() {}

  static SecretKey secretKey(Key key, String value) throws BadValue {
    try {
      return SecretKey.parse(value);
    } catch (IllegalArgumentException e) {
      throw new BadValue(FindingCode.KEY_LENGTH, key.text);
    }
  }

  static PublicKey publicKey(String value) throws BadValue {
    try {
      return PublicKey.parse(value);
    } catch (IllegalArgumentException e) {
      throw new BadValue(FindingCode.KEY_LENGTH, Key.PUBLIC_KEY.text);
    }
  }

  static int listenPort(String value) throws BadValue {
    return (int) number(value, 10, 65535).orElseThrow(() -> new BadValue(FindingCode.LISTEN_PORT));
  }

  /** As an unsigned 32-bit number in an int. */
  static int fwMark(String value) throws BadValue {
    if (value.equalsIgnoreCase("off")) {
      return 0;
    }
    return (int)
        decimalOrHex(value, 0xffff_ffffL).orElseThrow(() -> new BadValue(FindingCode.FW_MARK));
  }

  static int persistentKeepalive(String value) throws BadValue {
    if (value.equalsIgnoreCase("off")) {
      return 0;
    }
    return (int)
        number(value, 10, 65535).orElseThrow(() -> new BadValue(FindingCode.PERSISTENT_KEEPALIVE));
  }

  /** The kernel's limits for a TUN device. */
  static int mtu(String value) throws BadValue {
    long mtu = number(value, 10, 65535).orElse(0);
    if (mtu < 68) {
      throw new BadValue(FindingCode.MTU);
    }
    return (int) mtu;
  }

  static Table table(String value) throws BadValue {
    return switch (value) {
      case "auto" -> new Table.Auto();
      case "off" -> new Table.Off();
      // The names that every /etc/iproute2/rt_tables has (RT_TABLE_* of rtnetlink(7)).
      case "default" -> new Table.Numbered(253);
      case "main" -> new Table.Numbered(254);
      case "local" -> new Table.Numbered(255);
      default -> {
        // ip(8) reads a leading zero as octal, people do not.
        boolean octal = value.length() > 1 && value.startsWith("0") && !value.startsWith("0x");
        long number = octal ? 0 : decimalOrHex(value, 0xffff_ffffL).orElse(0);
        if (number == 0) {
          throw new BadValue(FindingCode.TABLE);
        }
        yield new Table.Numbered((int) number);
      }
    };
  }

  static boolean saveConfig(String value) throws BadValue {
    if (value.equalsIgnoreCase("true")) {
      return true;
    }
    if (value.equalsIgnoreCase("false")) {
      return false;
    }
    throw new BadValue(FindingCode.SAVE_CONFIG);
  }

  /** An interface address with its host bits. */
  static Prefix address(String value) throws BadValue {
    try {
      return Prefix.parse(value);
    } catch (IllegalArgumentException e) {
      throw new BadValue(FindingCode.ADDRESS, reason(e));
    }
  }

  /** One allowed IP, not masked yet. */
  static Prefix allowedIp(String value) throws BadValue {
    if (value.startsWith("-") || value.startsWith("+")) {
      throw new BadValue(FindingCode.ALLOWED_IPS_SIGN);
    }
    if (value.isEmpty()) {
      throw new BadValue(FindingCode.ALLOWED_IPS, "there is nothing between two commas");
    }
    try {
      return Prefix.parse(value);
    } catch (IllegalArgumentException e) {
      throw new BadValue(FindingCode.ALLOWED_IPS, reason(e));
    }
  }

  /** Checks the form only; nothing is looked up. */
  static EndpointAddress endpoint(String value) throws BadValue {
    String host;
    String port;
    int colon = value.startsWith("[") ? value.indexOf(']') + 1 : value.lastIndexOf(':');
    if (value.startsWith("[") && colon == 0) {
      throw new BadValue(FindingCode.ENDPOINT, "the bracket is not closed");
    }
    if (colon < 0 || colon + 1 >= value.length() || value.charAt(colon) != ':') {
      throw new BadValue(FindingCode.ENDPOINT, "the endpoint has no port");
    }
    host = value.startsWith("[") ? value.substring(1, colon - 1) : value.substring(0, colon);
    port = value.substring(colon + 1);
    if (!isHost(host)) {
      throw new BadValue(FindingCode.ENDPOINT, "the endpoint's host is no name and no address");
    }
    long number = number(port, 10, 65535).orElse(0);
    if (number == 0) {
      throw new BadValue(FindingCode.ENDPOINT_PORT);
    }
    return new EndpointAddress(host, (int) number);
  }

  /** {@code a, b c} as {@code a}, {@code b}, {@code c}, as the shell splits Address and DNS. */
  static List<String> words(String value) {
    StringBuilder spaced = new StringBuilder(value.length());
    value
        .chars()
        .forEach(c -> spaced.append(c == ',' || Blanks.isBlank((char) c) ? ' ' : (char) c));
    return List.of(spaced.toString().split(" ", -1)).stream().filter(w -> !w.isEmpty()).toList();
  }

  private static boolean isHost(String host) {
    if (host.indexOf(':') >= 0) {
      int percent = host.indexOf('%');
      String zone = percent < 0 ? "lo" : host.substring(percent + 1);
      return InterfaceName.isLegal(zone)
          && isLiteral(percent < 0 ? host : host.substring(0, percent));
    }
    if (host.isEmpty() || host.length() > 253) {
      return false;
    }
    boolean number = true;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean digit = c >= '0' && c <= '9' || c == '.';
      if (!digit && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_')) {
        return false;
      }
      number &= digit;
    }
    return !number || isLiteral(host);
  }

  private static boolean isLiteral(String host) {
    try {
      if (host.indexOf(':') < 0) {
        IpLiteral.parse(host);
      } else {
        InetAddress.ofLiteral(host);
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static OptionalLong decimalOrHex(String value, long most) {
    return value.startsWith("0x") && value.length() > 2
        ? number(value.substring(2), 16, most)
        : number(value, 10, most);
  }

  /** Digits only: no sign, no blank. Leading zeros are fine. */
  private static OptionalLong number(String digits, int radix, long most) {
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) < 128 ? Character.digit(digits.charAt(i), radix) : -1;
      if (digit < 0) {
        return OptionalLong.empty();
      }
      number = number * radix + digit;
      if (number > most) {
        return OptionalLong.empty();
      }
    }
    return digits.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /** The messages of our own value types quote the text already, so they are cut and cleaned. */
  private static String reason(IllegalArgumentException e) {
    String message = e.getMessage();
    return message == null ? "not an address" : Shown.of(message);
  }
}
