// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why a peer cannot be added to a tunnel: what WireGuard would take, and silently do harm by. */
final class PeerConflicts {
  private PeerConflicts() {}

  /** The conflicts of a new peer, all of them errors. */
  static List<Finding> of(
      String file, TunnelConfig config, PeerConfig added, Optional<PublicKey> own) {
    List<Finding> conflicts = new ArrayList<>();
    String key = added.publicKey().toString();
    if (own.filter(added.publicKey()::equals).isPresent()) {
      conflicts.add(
          TunnelFinding.PEER_REFUSED.at(file, 0, key, "it is this tunnel's own public key"));
    }
    for (PeerConfig peer : config.peers()) {
      if (peer.publicKey().equals(added.publicKey())) {
        conflicts.add(TunnelFinding.PEER_EXISTS.at(file, peer.line(), key));
      }
      for (Prefix prefix : added.allowedIps()) {
        if (peer.allowedIps().contains(prefix.masked())) {
          String name = peer.name().map(n -> n + " ").orElse("") + peer.publicKey();
          conflicts.add(
              TunnelFinding.ALLOWED_IP_TAKEN.at(file, peer.line(), prefix.toString(), name));
        }
      }
    }
    return conflicts;
  }
}
