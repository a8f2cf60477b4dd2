// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import io.gatehouse.control.PeerProposal;
import io.gatehouse.control.ProposedPeer;
import java.io.Serializable;
import java.util.List;

/**
 * What the other side's own file needs, besides its private key, which is made in the browser and
 * never comes here. Lists are joined by commas, as files have them.
 *
 * @param addresses proposed for it
 * @param publicKey of the tunnel
 * @param endpoint of the tunnel, as this machine sees it
 * @param routes what it can reach by the tunnel
 * @param dns name servers and search domains
 * @param mtu octets, 0 for what its system finds out
 * @param keepalive seconds
 */
public record Client(
    String addresses,
    String publicKey,
    String endpoint,
    String routes,
    String dns,
    int mtu,
    int keepalive)
    implements Serializable {
  /** When nothing could be proposed. */
  static final Client UNKNOWN = new Client("", "", "", "", "", 0, 0);

  static Client of(PeerProposal proposal) {
    return new Client(
        join(proposal.peers().stream().map(ProposedPeer::addresses).findFirst().orElse(List.of())),
        proposal.publicKey(),
        proposal.endpoint(),
        join(proposal.allowedIps()),
        join(proposal.dns()),
        proposal.mtu(),
        proposal.persistentKeepalive());
  }

  private static String join(List<String> words) {
    return String.join(", ", words);
  }
}
