// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.IpLiteral;
import java.net.InetAddress;
import java.util.List;
import java.util.StringJoiner;

/**
 * The nftables table that wg-quick(8) sets beside its policy routing, under the same name, so that
 * either of us cleans up after the other.
 *
 * <p>It drops what others send to the interface's own addresses by another way than the interface,
 * and carries the mark of our own UDP packets over to the answers, so that the check of their
 * source takes the marked way as well.
 *
 * @param ipv6 family: IPv6 or IPv4
 * @param interfaceName of the tunnel
 * @param mark of the tunnel's own packets, unsigned
 * @param addresses of the interface, all of that family
 */
public record RoutingGuard(
    boolean ipv6, InterfaceName interfaceName, int mark, List<InetAddress> addresses) {
  private static final int RAW = -300;
  private static final int MANGLE = -150;

  /** Copies the list. */
  public RoutingGuard {
    addresses = List.copyOf(addresses);
  }

  /**
   * Sets the table, in place of one that is there, in one transaction.
   *
   * @throws LinuxException ENOENT with a remedy where libnftables is missing
   */
  public void set() throws LinuxException {
    StringJoiner commands = new StringJoiner(",");
    // Adding what is there does nothing, so deleting cannot fail.
    commands.add(table("add")).add(table("delete")).add(table("add"));
    commands.add(chain("preraw", "prerouting", RAW));
    commands.add(chain("premangle", "prerouting", MANGLE));
    commands.add(chain("postmangle", "postrouting", MANGLE));
    for (InetAddress address : addresses) {
      commands.add(
          rule(
              "preraw",
              match("!=", "{\"meta\":{\"key\":\"iifname\"}}", quoted(interfaceName.value())),
              match(
                  "==",
                  "{\"payload\":{\"protocol\":" + quoted(family()) + ",\"field\":\"daddr\"}}",
                  quoted(IpLiteral.format(address))),
              match("!=", "{\"fib\":{\"result\":\"type\",\"flags\":[\"saddr\"]}}", "\"local\""),
              "{\"drop\":null}"));
    }
    String udp = match("==", "{\"meta\":{\"key\":\"l4proto\"}}", "\"udp\"");
    String mark = "{\"meta\":{\"key\":\"mark\"}}";
    String connection = "{\"ct\":{\"key\":\"mark\"}}";
    commands.add(
        rule(
            "postmangle",
            udp,
            match("==", mark, Integer.toUnsignedString(this.mark)),
            mangle(connection, mark)));
    commands.add(rule("premangle", udp, mangle(mark, connection)));
    Nftables.run(commands.toString(), "cannot set the nftables table " + name());
  }

  /** Removes the table of an interface; does nothing where there is none. */
  public static void remove(boolean ipv6, InterfaceName interfaceName) throws LinuxException {
    RoutingGuard guard = new RoutingGuard(ipv6, interfaceName, 0, List.of());
    Nftables.run(
        guard.table("add") + "," + guard.table("delete"),
        "cannot remove the nftables table " + guard.name());
  }

  private String name() {
    return "wg-quick-" + interfaceName;
  }

  private String family() {
    return ipv6 ? "ip6" : "ip";
  }

  private String table(String verb) {
    return "{\""
        + verb
        + "\":{\"table\":{\"family\":"
        + quoted(family())
        + ",\"name\":"
        + quoted(name())
        + "}}}";
  }

  private String chain(String chain, String hook, int priority) {
    return "{\"add\":{\"chain\":{\"family\":"
        + quoted(family())
        + ",\"table\":"
        + quoted(name())
        + ",\"name\":"
        + quoted(chain)
        + ",\"type\":\"filter\",\"hook\":"
        + quoted(hook)
        + ",\"prio\":"
        + priority
        + "}}}";
  }

  private String rule(String chain, String... expressions) {
    return "{\"add\":{\"rule\":{\"family\":"
        + quoted(family())
        + ",\"table\":"
        + quoted(name())
        + ",\"chain\":"
        + quoted(chain)
        + ",\"expr\":["
        + String.join(",", expressions)
        + "]}}}";
  }

  private static String match(String operator, String left, String right) {
    return "{\"match\":{\"op\":"
        + quoted(operator)
        + ",\"left\":"
        + left
        + ",\"right\":"
        + right
        + "}}";
  }

  private static String mangle(String key, String value) {
    return "{\"mangle\":{\"key\":" + key + ",\"value\":" + value + "}}";
  }

  /** Nothing to escape: interface names and our own words have neither quotes nor backslashes. */
  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
