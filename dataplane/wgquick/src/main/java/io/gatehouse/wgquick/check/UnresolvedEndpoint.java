// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.PeerConfig;
import java.util.List;
import java.util.Locale;

/** An endpoint by a name that does not resolve. One that nobody has looked up is not reported. */
final class UnresolvedEndpoint implements Check {
  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    for (Tunnel tunnel : tunnels) {
      for (PeerConfig peer : tunnel.config.peers()) {
        peer.endpoint()
            .filter(endpoint -> Endpoints.literal(endpoint).isEmpty())
            .filter(
                endpoint -> {
                  var addresses = facts.names().get(endpoint.host().toLowerCase(Locale.ROOT));
                  return addresses != null && addresses.isEmpty();
                })
            .ifPresent(
                endpoint ->
                    report.add(
                        tunnel,
                        FindingCode.ENDPOINT_UNRESOLVED,
                        () ->
                            FindingCode.ENDPOINT_UNRESOLVED.at(
                                tunnel.file.fileName(),
                                tunnel.line(peer.publicKey(), Key.ENDPOINT),
                                endpoint.toString())));
      }
    }
  }
}
