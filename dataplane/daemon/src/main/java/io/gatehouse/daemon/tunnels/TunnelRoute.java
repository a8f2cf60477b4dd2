// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.TunnelConfig.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A route through a tunnel's interface.
 *
 * @param destination masked
 * @param table number, unsigned in an int
 */
public record TunnelRoute(Prefix destination, int table) {
  /** RT_TABLE_MAIN of rtnetlink(7). */
  public static final int MAIN = 254;

  /** What a TUN device has of itself, RFC 4291 section 2.5.6. */
  private static final Prefix LINK_LOCAL = Prefix.parse("fe80::/64");

  /**
   * The routes that wg-quick(8) adds for allowed IPs: the most specific first; in the main table
   * only where no route through the interface covers the prefix already, which those of the
   * interface's own networks may do; default routes never there.
   *
   * @param policyTable where default routes go with {@code Table = auto}
   */
  static List<TunnelRoute> of(TunnelConfig config, int policyTable) {
    return switch (config.table()) {
      case Table.Off() -> List.of();
      case Table.Numbered(int number) ->
          allowedIps(config).stream().map(prefix -> new TunnelRoute(prefix, number)).toList();
      case Table.Auto() -> auto(config, policyTable);
    };
  }

  /** The families, IPv6 or not, whose default route asks for policy routing. */
  static List<Boolean> defaultsInAuto(TunnelConfig config) {
    return config.table() instanceof Table.Auto
        ? allowedIps(config).stream().filter(p -> p.length() == 0).map(Prefix::isIpv6).toList()
        : List.of();
  }

  private static List<TunnelRoute> auto(TunnelConfig config, int policyTable) {
    Set<Prefix> connected = new TreeSet<>(ORDER);
    connected.add(LINK_LOCAL);
    for (Prefix address : config.addresses()) {
      // The kernel makes a route in main for the network of an address; a lone IPv4 one has none.
      if (address.isIpv6() || address.length() < 32 && !isThisNetwork(address)) {
        connected.add(address.masked());
      }
    }
    List<TunnelRoute> routes = new ArrayList<>();
    for (Prefix prefix : allowedIps(config)) {
      if (prefix.length() == 0) {
        routes.add(new TunnelRoute(prefix, policyTable));
      } else if (connected.stream().noneMatch(network -> network.contains(prefix))) {
        routes.add(new TunnelRoute(prefix, MAIN));
      }
    }
    return List.copyOf(routes);
  }

  /** {@code 0.0.0.0/8}, for which the kernel makes no route. */
  private static boolean isThisNetwork(Prefix address) {
    return address.masked().address().getAddress()[0] == 0;
  }

  private static Set<Prefix> allowedIps(TunnelConfig config) {
    Set<Prefix> prefixes = new TreeSet<>(ORDER);
    for (PeerConfig peer : OwnKey.realPeers(config)) {
      prefixes.addAll(peer.allowedIps());
    }
    return prefixes;
  }

  private static final Comparator<Prefix> ORDER =
      Comparator.comparingInt(Prefix::length)
          .reversed()
          .thenComparing(Prefix::isIpv6)
          .thenComparing(p -> p.address().getAddress(), Arrays::compareUnsigned);
}
