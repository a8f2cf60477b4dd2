// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.PeerState;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The peers of a file that are not in force at a moment although nobody has disabled them.
 *
 * @param peers and why: EXPIRED or OVER_QUOTA
 * @param from the first moment of which this is true, as far as it depends on time
 * @param until the first moment at which time alone may make it untrue
 */
record Withheld(Map<PublicKey, PeerState> peers, Instant from, Instant until) {
  /** All peers are in force, for ever. */
  static final Withheld NONE = new Withheld(Map.of(), Instant.MIN, Instant.MAX);

  Withheld {
    peers = Map.copyOf(peers);
  }

  /** Whether this is still true, or true again, if nobody has used anything since. */
  boolean holdsAt(Instant now) {
    return !now.isBefore(from) && now.isBefore(until);
  }

  /** What is in force of a file. */
  TunnelConfig inForce(TunnelConfig file) {
    return peers.isEmpty()
        ? file
        : file.withPeers(
            file.peers().stream().filter(peer -> !peers.containsKey(peer.publicKey())).toList());
  }

  /** The peers of a file that are not, in file order. */
  List<PeerConfig> of(TunnelConfig file) {
    return peers.isEmpty()
        ? List.of()
        : file.peers().stream().filter(peer -> peers.containsKey(peer.publicKey())).toList();
  }
}
