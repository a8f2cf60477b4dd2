// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.WgQuickFile;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file that gets a peer more.
 *
 * @param name of the file
 * @param peer its line does not matter
 */
record AddedPeer(String name, PeerConfig peer) implements FilesEdit.Wish {
  @Override
  public Set<String> names() {
    return Set.of(name);
  }

  @Override
  public SortedMap<String, Optional<WgQuickFile>> of(SortedMap<String, DroppedFile> there)
      throws Refusal {
    DroppedFile file = there.get(name);
    if (file == null) {
      throw new Refusal(TunnelFinding.NO_SUCH_FILE.of(name));
    }
    WgQuickFile document =
        file.document()
            .filter(known -> known.config().isPresent())
            .orElseThrow(() -> new Refusal(file.findings()));
    return new TreeMap<>(Map.of(name, Optional.of(document.withPeer(peer))));
  }

  @Override
  public String done() {
    return "Peer " + peer.publicKey() + " added to " + name;
  }
}
