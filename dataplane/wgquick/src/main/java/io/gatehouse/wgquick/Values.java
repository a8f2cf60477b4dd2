// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import io.gatehouse.wgquick.TunnelConfig.Table;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The values of keys: what wg(8) (config.c) and wg-quick(8) with ip(8) take, and nothing else. For
 * one file, on one thread.
 *
 * <p>Stricter on purpose where a stock tool takes a value for another one than is written; the list
 * is in docs/wg-quick-files.md, and StockParserIT holds it against the tools.
 */
final class Values {
  private final SystemNames names = new SystemNames();

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

  int listenPort(String value) throws BadValue {
    return port(value).orElseThrow(() -> new BadValue(FindingCode.LISTEN_PORT));
  }

  /** A number or the name of a UDP service; getaddrinfo(3) takes a plus sign, too. */
  private OptionalInt port(String value) {
    OptionalLong number = number(value.startsWith("+") ? value.substring(1) : value, 10, 65535);
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : names.udpPort(value);
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
    long mtu = numberOfIp(value, 65535).orElse(0);
    if (mtu < 68) {
      throw new BadValue(FindingCode.MTU);
    }
    return (int) mtu;
  }

  Table table(String value) throws BadValue {
    return switch (value) {
      case "auto" -> new Table.Auto();
      case "off" -> new Table.Off();
      default -> {
        int number = numberOfTable(value).orElseThrow(() -> new BadValue(FindingCode.TABLE));
        // No table at all is the main one (RT_TABLE_UNSPEC of rtnetlink(7)).
        yield new Table.Numbered(number == 0 ? 254 : number);
      }
    };
  }

  private OptionalInt numberOfTable(String value) {
    OptionalLong number = numberOfIp(value, 0xffff_ffffL);
    return switch (value) {
      // The names that every machine knows (RT_TABLE_* of rtnetlink(7)).
      case "default" -> OptionalInt.of(253);
      case "main" -> OptionalInt.of(254);
      case "local" -> OptionalInt.of(255);
      case "unspec" -> OptionalInt.of(0);
      default -> number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : names.table(value);
    };
  }

  /** Decimal or hexadecimal; ip(8) reads a leading zero as octal, people do not. */
  private static OptionalLong numberOfIp(String value, long most) {
    String digits = value.startsWith("+") ? value.substring(1) : value;
    if (digits.startsWith("0x") || digits.startsWith("0X")) {
      return number(digits.substring(2), 16, most);
    }
    boolean octal = digits.length() > 1 && digits.startsWith("0");
    return octal ? OptionalLong.empty() : number(digits, 10, most);
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

  /** An interface address with its host bits; its length may be a netmask. */
  static Prefix address(String value) throws BadValue {
    Prefix address;
    try {
      address = Prefix.parse(withLength(value));
    } catch (IllegalArgumentException e) {
      throw new BadValue(FindingCode.ADDRESS, reason(e));
    }
    InetAddress ip = address.address();
    if (address.isIpv6()
        && (ip.isAnyLocalAddress() || ip.isLoopbackAddress() || ip.isMulticastAddress())) {
      throw new BadValue(FindingCode.ADDRESS, "an interface cannot have this IPv6 address");
    }
    return address;
  }

  /** {@code 10.0.0.1/255.255.255.0} as {@code 10.0.0.1/24}, which ip(8) takes for the same. */
  private static String withLength(String value) {
    int slash = value.indexOf('/');
    if (slash >= 0
        && value.startsWith("/0", slash)
        && slash + 2 < value.length()
        && value.indexOf('.', slash) < 0) {
      throw new IllegalArgumentException("a leading zero makes the length octal for ip");
    }
    if (slash < 0 || value.indexOf(':') >= 0 || value.indexOf('.', slash) < 0) {
      return value;
    }
    byte[] mask = IpLiteral.parse(value.substring(slash + 1)).getAddress();
    int ones = ByteBuffer.wrap(mask).getInt();
    int length = Integer.numberOfLeadingZeros(~ones);
    if (Integer.bitCount(ones) != length) {
      throw new IllegalArgumentException("the netmask has ones behind a zero");
    }
    return value.substring(0, slash + 1) + length;
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

  /** Checks the form only; no host is looked up. */
  EndpointAddress endpoint(String value) throws BadValue {
    int colon = value.startsWith("[") ? value.indexOf(']') + 1 : value.lastIndexOf(':');
    if (value.startsWith("[") && colon == 0) {
      throw new BadValue(FindingCode.ENDPOINT, "the bracket is not closed");
    }
    if (colon < 0 || colon + 1 >= value.length() || value.charAt(colon) != ':') {
      throw new BadValue(FindingCode.ENDPOINT, "the endpoint has no port");
    }
    String host = value.startsWith("[") ? value.substring(1, colon - 1) : value.substring(0, colon);
    if (!isHost(host)) {
      throw new BadValue(FindingCode.ENDPOINT, "the endpoint's host is no name and no address");
    }
    int port = port(value.substring(colon + 1)).orElse(0);
    if (port == 0) {
      throw new BadValue(FindingCode.ENDPOINT_PORT);
    }
    return new EndpointAddress(host, port);
  }

  /** {@code a, b c} as {@code a}, {@code b}, {@code c}, as the shell splits Address and DNS. */
  static List<String> words(String value) {
    return List.of(value.split("[, \t]+", -1)).stream().filter(w -> !w.isEmpty()).toList();
  }

  private static boolean isHost(String host) {
    if (host.indexOf(':') >= 0) {
      int percent = host.indexOf('%');
      return percent < 0
          ? isLiteral(host)
          : isLiteral(host.substring(0, percent))
              && isZone(host.substring(percent + 1), IpLiteral.parse(host.substring(0, percent)));
    }
    if (host.isEmpty() || host.length() > 253) {
      return false;
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!letterOrDigit && c != '.' && c != '-' && c != '_') {
        return false;
      }
    }
    return isLiteral(host) || !isNumber(host);
  }

  /** By name only where the kernel needs one, as getaddrinfo(3) has it; by number anywhere. */
  private static boolean isZone(String zone, InetAddress address) {
    boolean linkLocal = address.isLinkLocalAddress() || address.isMCLinkLocal();
    return number(zone, 10, 0xffff_ffffL).isPresent() || linkLocal && InterfaceName.isLegal(zone);
  }

  /** Numbers and dots, which inet_aton(3) may take for an address that nobody reads in it. */
  private static boolean isNumber(String host) {
    for (String part : host.split("\\.", -1)) {
      boolean hex = part.startsWith("0x") || part.startsWith("0X");
      String digits = hex ? part.substring(2) : part;
      int radix = hex ? 16 : 10;
      if (!digits.chars().allMatch(c -> Character.digit(c, radix) >= 0)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLiteral(String text) {
    try {
      IpLiteral.parse(text);
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
