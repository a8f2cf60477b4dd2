// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code peer.propose}: what new peers of a tunnel can have, and what their own files
 * need of this side. Nothing is reserved by asking. Holds no secret.
 *
 * @param peers as many as were asked for, and fewer where the networks are full; each has other
 *     addresses
 * @param publicKey of this side, base64; empty when the tunnel is not up
 * @param endpoint {@code host:port} of this side as its file says ({@code # gatehouse.endpoint}),
 *     else {@code address:port} as this machine sees it, which may be behind another one's; empty
 *     when it cannot be told
 * @param allowedIps what the peers can reach by the tunnel: everything where it masquerades,
 *     otherwise its own networks and those behind its other peers
 * @param dns name servers and search domains that the tunnel's file names
 * @param mtu octets, 0 when the file does not say
 * @param persistentKeepalive seconds that keep a way open through most NATs
 */
public record PeerProposal(
    List<ProposedPeer> peers,
    String publicKey,
    String endpoint,
    List<String> allowedIps,
    List<String> dns,
    int mtu,
    int persistentKeepalive) {
  /** Copies the lists. */
  public PeerProposal {
    peers = List.copyOf(peers);
    allowedIps = List.copyOf(allowedIps);
    dns = List.copyOf(dns);
  }
}
