// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig.Table;
import io.gatehouse.wgquick.WgQuickFile.WrittenPrefix;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * An endpoint inside the allowed IPs of its own peer: the route for these catches the tunnel's own
 * packets, too. Default routes of {@code Table = auto} do not, since wg-quick(8) marks those
 * packets; nor does a route that is less specific than the network in which the endpoint is.
 */
final class EndpointLoop implements Check {
  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    for (Tunnel tunnel : tunnels) {
      if (!tunnel.hasMainRoutes()) {
        continue;
      }
      boolean isAuto = tunnel.config.table() instanceof Table.Auto;
      PrefixTable<PublicKey> routes = new PrefixTable<>();
      for (WrittenPrefix written : tunnel.allowedIps) {
        routes.put(written.prefix(), written.peer());
      }
      PrefixTable<String> networks = Networks.around(tunnel, facts);
      for (PeerConfig peer : tunnel.config.peers()) {
        EndpointAddress endpoint = peer.endpoint().orElse(null);
        if (endpoint == null) {
          continue;
        }
        for (InetAddress address : Endpoints.addresses(endpoint, facts)) {
          Optional<Prefix> into =
              routes
                  .longest(address)
                  .filter(match -> match.value().equals(peer.publicKey()))
                  .map(PrefixTable.Match::prefix)
                  .filter(prefix -> prefix.length() > 0 || !isAuto)
                  .filter(prefix -> prefix.length() > Networks.length(networks, address));
          if (into.isPresent()) {
            report.add(
                tunnel,
                FindingCode.ENDPOINT_LOOP,
                () ->
                    FindingCode.ENDPOINT_LOOP.at(
                        tunnel.file.fileName(),
                        tunnel.line(peer.publicKey(), Key.ENDPOINT),
                        endpoint.toString(),
                        into.get()));
            break;
          }
        }
      }
    }
  }
}
