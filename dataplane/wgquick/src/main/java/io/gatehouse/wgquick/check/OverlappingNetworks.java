// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.WgQuickFile.WrittenPrefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * A tunnel's network or allowed IPs in a network that another interface of the machine is in, so
 * that whatever is there is looked for in the wrong place.
 */
final class OverlappingNetworks implements Check {
  private record Network(String holder, Prefix prefix) {}

  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    Set<String> names = new HashSet<>();
    tunnels.forEach(tunnel -> names.add(tunnel.name));
    List<Network> networks = new ArrayList<>();
    PrefixTable<String> ofHost = new PrefixTable<>();
    for (HostFacts.HostInterface there : facts.interfaces()) {
      for (Prefix address : there.addresses()) {
        if (!names.contains(there.name()) && isNetwork(address)) {
          networks.add(new Network("interface " + there.name(), address.masked()));
          ofHost.put(address, "interface " + there.name());
        }
      }
    }
    for (Tunnel tunnel : tunnels) {
      List<Network> own = new ArrayList<>();
      for (Prefix address : tunnel.config.addresses()) {
        if (isNetwork(address)) {
          Prefix network = address.masked();
          networks.stream()
              .filter(other -> other.prefix.contains(network) || network.contains(other.prefix))
              .findFirst()
              .ifPresent(
                  other ->
                      add(
                          tunnel,
                          address.toString(),
                          () -> tunnel.line(Key.ADDRESS, address.toString()),
                          other,
                          report));
          own.add(new Network("tunnel " + tunnel.name, network));
        }
      }
      networks.addAll(own);
      if (tunnel.hasMainRoutes()) {
        // Once for each network: a large one may hold thousands of peers.
        Set<Prefix> told = new HashSet<>();
        for (WrittenPrefix written : tunnel.allowedIps) {
          ofHost
              .longest(written.prefix().address())
              .filter(match -> match.prefix().contains(written.prefix()))
              .filter(match -> told.add(match.prefix()))
              .ifPresent(
                  match ->
                      add(
                          tunnel,
                          written.prefix().toString(),
                          written::line,
                          new Network(match.value(), match.prefix()),
                          report));
        }
      }
    }
  }

  private static void add(
      Tunnel tunnel, String value, IntSupplier line, Network other, Report report) {
    report.add(
        tunnel,
        FindingCode.NETWORK_SHARED,
        () ->
            FindingCode.NETWORK_SHARED.at(
                tunnel.file.fileName(), line.getAsInt(), value, other.holder, other.prefix));
  }

  /** More than one address, and not one of those networks that every interface has. */
  static boolean isNetwork(Prefix address) {
    return address.length() < (address.isIpv6() ? 128 : 32)
        && !address.address().isLinkLocalAddress()
        && !address.address().isLoopbackAddress();
  }
}
