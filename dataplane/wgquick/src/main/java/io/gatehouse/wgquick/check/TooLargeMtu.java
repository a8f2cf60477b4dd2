// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.PeerConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * An MTU that leaves no room for what WireGuard adds: 32 octets of its own, 8 of UDP, and 20 of
 * IPv4 or 40 of IPv6. As with wg-quick(8) it is IPv6 unless all endpoints are known to be IPv4.
 */
final class TooLargeMtu implements Check {
  private static final int OVER_IPV4 = 60;
  private static final int OVER_IPV6 = 80;

  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    if (facts.pathMtu().isEmpty()) {
      return;
    }
    int path = facts.pathMtu().getAsInt();
    for (Tunnel tunnel : tunnels) {
      int mtu = tunnel.config.mtu().orElse(0);
      int own = isIpv4Only(tunnel, facts) ? OVER_IPV4 : OVER_IPV6;
      if (mtu + own > path && mtu > 0) {
        String fitting = Integer.toString(path - own);
        report.add(
            tunnel,
            FindingCode.MTU_TOO_LARGE,
            () ->
                FindingCode.MTU_TOO_LARGE
                    .at(
                        tunnel.file.fileName(),
                        tunnel.line(Key.MTU),
                        Integer.toString(mtu),
                        path,
                        own,
                        fitting)
                    .withFix(new FileEdit.Set(FileEdit.INTERFACE, Key.MTU, fitting)));
      }
    }
  }

  private static boolean isIpv4Only(Tunnel tunnel, HostFacts facts) {
    List<EndpointAddress> endpoints =
        tunnel.config.peers().stream().map(PeerConfig::endpoint).flatMap(Optional::stream).toList();
    return !endpoints.isEmpty()
        && endpoints.stream()
            .map(endpoint -> Endpoints.addresses(endpoint, facts))
            .allMatch(
                addresses ->
                    !addresses.isEmpty() && addresses.stream().allMatch(TooLargeMtu::isIpv4));
  }

  private static boolean isIpv4(InetAddress address) {
    return address.getAddress().length == 4;
  }
}
