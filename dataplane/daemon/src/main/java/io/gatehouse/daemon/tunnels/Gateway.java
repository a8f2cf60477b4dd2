// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.tunnels.Outside.Incoming;
import io.gatehouse.linux.GatewayTable;
import io.gatehouse.linux.GatewayTable.Access;
import io.gatehouse.wgquick.Forwarding;
import io.gatehouse.wgquick.Masquerade;
import io.gatehouse.wgquick.OwnKey;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PortForward;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.TunnelConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a file asks of the machine as a gateway for its peers. */
final class Gateway {
  private Gateway() {}

  /** The table that the file asks for; empty where it asks for nothing. */
  static Optional<GatewayTable> table(TunnelConfig wanted) {
    return Optional.of(new GatewayTable(masquerades(wanted), portForwards(wanted), access(wanted)))
        .filter(table -> !table.isEmpty());
  }

  /** IPv4, IPv6 or both, as the tunnel carries them. */
  static List<Boolean> families(TunnelConfig wanted) {
    return Stream.concat(
            wanted.addresses().stream(),
            wanted.peers().stream().flatMap(peer -> peer.allowedIps().stream()))
        .map(Prefix::isIpv6)
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * By which interfaces packets come in that are to be forwarded: by the tunnel, and, with their
   * answers, by those that the file names; without a name by every one.
   */
  static List<Incoming> forwarding(TunnelConfig wanted, boolean ipv6) {
    Optional<Forwarding> forwarding = wanted.own().get(OwnKey.FORWARDING);
    List<Masquerade> masquerades = masquerades(wanted);
    List<PortForward> portForwards = portForwards(wanted);
    if (forwarding.isEmpty() && masquerades.isEmpty() && portForwards.isEmpty()) {
      return List.of();
    }
    Set<Incoming> by = new LinkedHashSet<>();
    forwarding.ifPresent(
        named -> named.interfaces().forEach(name -> by.add(new Incoming.By(name))));
    masquerades.forEach(each -> by.add(new Incoming.By(each.out())));
    boolean every = by.isEmpty() || forwarding.map(Forwarding::everywhere).orElse(false);
    if (ipv6) {
      // The kernel asks no single interface.
      return List.of(new Incoming.Any());
    }
    List<Incoming> all = new ArrayList<>(List.of(new Incoming.Own()));
    all.addAll(every ? List.of(new Incoming.Any()) : by);
    return all;
  }

  private static List<Masquerade> masquerades(TunnelConfig wanted) {
    return wanted.own().get(OwnKey.MASQUERADE).orElse(List.of());
  }

  private static List<PortForward> portForwards(TunnelConfig wanted) {
    return wanted.own().get(OwnKey.PORT_FORWARD).orElse(List.of());
  }

  /** Of the peers with rules, and of those whose addresses are inside of what such a peer has. */
  private static List<Access> access(TunnelConfig wanted) {
    List<Access> ruled = new ArrayList<>();
    List<Access> open = new ArrayList<>();
    for (PeerConfig peer : wanted.peers()) {
      Access access =
          new Access(peer.allowedIps(), peer.metadata().allow(), peer.metadata().deny());
      (access.isOpen() ? open : ruled).add(access);
    }
    List<Prefix> wide =
        ruled.stream()
            .flatMap(access -> access.sources().stream())
            .filter(prefix -> prefix.length() < 8 * prefix.address().getAddress().length)
            .toList();
    for (Access access : open) {
      List<Prefix> inside =
          access.sources().stream()
              .filter(prefix -> wide.stream().anyMatch(one -> one.contains(prefix)))
              .toList();
      if (!inside.isEmpty()) {
        ruled.add(new Access(inside, List.of(), List.of()));
      }
    }
    return ruled;
  }
}
