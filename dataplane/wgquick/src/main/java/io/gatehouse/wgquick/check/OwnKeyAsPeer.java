// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import java.util.List;

/** The tunnel's own public key as a peer, which WireGuard drops without a word. */
final class OwnKeyAsPeer implements Check {
  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    for (Tunnel tunnel : tunnels) {
      PublicKey own = facts.ownKeys().get(tunnel.name);
      if (own == null) {
        continue;
      }
      for (PeerConfig peer : tunnel.config.peers()) {
        if (peer.publicKey().equals(own)) {
          report.add(
              tunnel,
              FindingCode.OWN_KEY,
              () ->
                  FindingCode.OWN_KEY
                      .at(tunnel.file.fileName(), tunnel.line(own, Key.PUBLIC_KEY), own.toString())
                      .withFix(new FileEdit.RemovePeer(own)));
        }
      }
    }
  }
}
