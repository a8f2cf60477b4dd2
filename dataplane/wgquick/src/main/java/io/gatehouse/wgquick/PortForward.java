// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What comes to this machine and is sent on through the tunnel: {@code tcp [ADDRESS:]PORTS ->
 * ADDRESS[:PORT]}, IPv6 addresses in brackets where a port follows.
 *
 * @param protocol TCP or UDP
 * @param address of this machine, of the family of {@code target}; empty for all of its own
 * @param ports of this machine
 * @param target where it goes
 * @param targetPort absent where the port stays; only for one port
 */
public record PortForward(
    IpProtocol protocol,
    Optional<InetAddress> address,
    PortRange ports,
    InetAddress target,
    OptionalInt targetPort) {
  private static final String ARROW = "->";

  /** Checks the parts against each other. */
  public PortForward {
    if (!protocol.hasPorts()) {
      throw new IllegalArgumentException("only tcp and udp have ports");
    }
    if (address.filter(own -> isIpv6(own) != isIpv6(target)).isPresent()) {
      throw new IllegalArgumentException("one address is IPv4 and the other IPv6");
    }
    if (targetPort.isPresent() && !ports.isOne()) {
      throw new IllegalArgumentException("several ports stay what they are: leave out the last");
    }
  }

  /** Whether it is for IPv6. */
  public boolean isIpv6() {
    return isIpv6(target);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a message fit for a finding
   */
  public static PortForward parse(String text) {
    int arrow = text.indexOf(ARROW);
    int blank = Math.max(text.indexOf(' '), text.indexOf('\t'));
    if (arrow < 0 || blank < 0 || blank > arrow) {
      throw new IllegalArgumentException("\"" + text + "\" is not such as tcp 8080 -> 10.0.0.2:80");
    }
    String[] words = text.substring(0, arrow).strip().split("[ \t]+", -1);
    if (words.length != 2) {
      throw new IllegalArgumentException("before the arrow stand a protocol and ports");
    }
    String from = words[1];
    int colon = from.lastIndexOf(':');
    String to = text.substring(arrow + ARROW.length()).strip();
    int port = portColon(to);
    return new PortForward(
        IpProtocol.parse(words[0]),
        colon < 0 ? Optional.empty() : Optional.of(address(from.substring(0, colon))),
        PortRange.parse(from.substring(colon + 1)),
        address(port < 0 ? to : to.substring(0, port)),
        port < 0
            ? OptionalInt.empty()
            : OptionalInt.of(PortRange.parse(to.substring(port + 1)).single()));
  }

  /** Where the colon before a port is: behind brackets, or in what has one colon only. */
  private static int portColon(String text) {
    int last = text.lastIndexOf(':');
    return text.indexOf(']') >= 0
        ? text.indexOf("]:") < 0 ? -1 : last
        : last == text.indexOf(':') ? last : -1;
  }

  private static InetAddress address(String text) {
    return IpLiteral.parse(
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text);
  }

  private static boolean isIpv6(InetAddress address) {
    return address.getAddress().length == 16;
  }

  private static String written(InetAddress address) {
    String text = IpLiteral.format(address);
    return isIpv6(address) ? "[" + text + "]" : text;
  }

  /** As it is read. */
  @Override
  public String toString() {
    return protocol
        + " "
        + address.map(own -> written(own) + ":").orElse("")
        + ports
        + " -> "
        + written(target)
        + (targetPort.isPresent() ? ":" + targetPort.getAsInt() : "");
  }
}
