// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import java.util.Comparator;
import java.util.List;

/**
 * Which network goes to which peer of a tunnel, as a drawing has it: bounded, so that thousands of
 * peers fit on a page.
 *
 * @param branches the peers, those first that take everything, else as the file has them
 * @param more how many peers there are besides
 */
public record NetworkMap(List<Branch> branches, int more) {
  /** So many peers are drawn. */
  static final int MOST_PEERS = 30;

  /** So many networks of each. */
  static final int MOST_NETWORKS = 12;

  /**
   * A peer.
   *
   * @param peer which
   * @param networks what goes to it
   * @param more how many networks there are besides
   */
  public record Branch(PeerStatus peer, List<Network> networks, int more) {
    private static Branch of(PeerStatus peer) {
      List<String> all = peer.allowedIps();
      return new Branch(
          peer,
          all.stream().limit(MOST_NETWORKS).map(Network::new).toList(),
          Math.max(0, all.size() - MOST_NETWORKS));
    }
  }

  /**
   * What goes to a peer.
   *
   * @param prefix as the status has it
   */
  public record Network(String prefix) {
    /** Whether it is a default route: all that no other network holds. */
    public boolean everything() {
      return prefix.endsWith("/0");
    }
  }

  static NetworkMap of(TunnelStatus tunnel) {
    return new NetworkMap(
        tunnel.peers().stream()
            .sorted(Comparator.comparing(NetworkMap::takesEverything).reversed())
            .limit(MOST_PEERS)
            .map(Branch::of)
            .toList(),
        Math.max(0, tunnel.peers().size() - MOST_PEERS));
  }

  private static boolean takesEverything(PeerStatus peer) {
    return peer.allowedIps().stream().map(Network::new).anyMatch(Network::everything);
  }
}
