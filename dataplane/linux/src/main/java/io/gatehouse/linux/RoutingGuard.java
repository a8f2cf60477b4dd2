// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static io.gatehouse.linux.NftTable.ct;
import static io.gatehouse.linux.NftTable.match;
import static io.gatehouse.linux.NftTable.meta;
import static io.gatehouse.linux.NftTable.payload;
import static io.gatehouse.linux.NftTable.quoted;

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
    NftTable table = table();
    StringJoiner commands = new StringJoiner(",");
    commands.add(table.replace());
    commands.add(table.chain("preraw", "filter", "prerouting", RAW));
    commands.add(table.chain("premangle", "filter", "prerouting", MANGLE));
    commands.add(table.chain("postmangle", "filter", "postrouting", MANGLE));
    for (InetAddress address : addresses) {
      commands.add(
          table.rule(
              "preraw",
              match("!=", meta("iifname"), quoted(interfaceName.value())),
              match("==", payload(family(), "daddr"), quoted(IpLiteral.format(address))),
              match("!=", "{\"fib\":{\"result\":\"type\",\"flags\":[\"saddr\"]}}", "\"local\""),
              "{\"drop\":null}"));
    }
    String udp = match("==", meta("l4proto"), "\"udp\"");
    String mark = meta("mark");
    String connection = ct("mark");
    commands.add(
        table.rule(
            "postmangle",
            udp,
            match("==", mark, Integer.toUnsignedString(this.mark)),
            mangle(connection, mark)));
    commands.add(table.rule("premangle", udp, mangle(mark, connection)));
    Nftables.run(commands.toString(), "cannot set the nftables table " + table.name());
  }

  /** Removes the table of an interface; does nothing where there is none. */
  public static void remove(boolean ipv6, InterfaceName interfaceName) throws LinuxException {
    new RoutingGuard(ipv6, interfaceName, 0, List.of()).table().remove();
  }

  private NftTable table() {
    return new NftTable(family(), "wg-quick-" + interfaceName);
  }

  private String family() {
    return ipv6 ? "ip6" : "ip";
  }

  private static String mangle(String key, String value) {
    return "{\"mangle\":{\"key\":" + key + ",\"value\":" + value + "}}";
  }
}
