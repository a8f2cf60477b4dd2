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
record TunnelRoute(Prefix destination, int table) {
  /** RT_TABLE_MAIN of rtnetlink(7). */
  static final int MAIN = 254;

  /**
   * The routes that wg-quick(8) adds for allowed IPs: the most specific first; in the main table
   * only where no route through the interface covers the prefix already, which those of the
   * interface's own networks may do.
   */
  static List<TunnelRoute> of(TunnelConfig config) {
    return switch (config.table()) {
      case Table.Off() -> List.of();
      case Table.Numbered(int number) ->
          allowedIps(config).stream().map(prefix -> new TunnelRoute(prefix, number)).toList();
      case Table.Auto() -> inMain(config);
    };
  }

  /** Whether the file asks for the policy routing of a default route. */
  static boolean needsPolicy(TunnelConfig config) {
    return config.table() instanceof Table.Auto
        && allowedIps(config).stream().anyMatch(prefix -> prefix.length() == 0);
  }

  private static List<TunnelRoute> inMain(TunnelConfig config) {
    Set<Prefix> connected = new TreeSet<>(ORDER);
    for (Prefix address : config.addresses()) {
      // The kernel makes a route in main for the network of an address; a lone IPv4 one has none.
      if (address.isIpv6() || address.length() < 32) {
        connected.add(address.masked());
      }
    }
    List<TunnelRoute> routes = new ArrayList<>();
    for (Prefix prefix : allowedIps(config)) {
      if (connected.stream().noneMatch(network -> network.contains(prefix))) {
        routes.add(new TunnelRoute(prefix, MAIN));
      }
    }
    return List.copyOf(routes);
  }

  private static Set<Prefix> allowedIps(TunnelConfig config) {
    Set<Prefix> prefixes = new TreeSet<>(ORDER);
    for (PeerConfig peer : config.peers()) {
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
