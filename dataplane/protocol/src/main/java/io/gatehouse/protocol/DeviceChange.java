// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.wgquick.SecretKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One {@code set=1} request of the UAPI as data, applied whole or not at all. What is absent stays
 * as it is. Files are applied as the difference to the running state in this same form.
 *
 * @param privateKey all zero clears it; the same key again changes nothing
 * @param listenPort 0 chooses a free port
 * @param fwMark 0 is off
 * @param replacePeers peers that are not in this change go away
 * @param peers in order; later entries for the same key act after earlier ones
 */
public record DeviceChange(
    Optional<SecretKey> privateKey,
    OptionalInt listenPort,
    OptionalInt fwMark,
    boolean replacePeers,
    List<PeerChange> peers) {
  /** Copies the list. */
  public DeviceChange {
    peers = List.copyOf(peers);
  }

  /** Whether it asks for nothing at all. */
  public boolean isEmpty() {
    return privateKey.isEmpty()
        && listenPort.isEmpty()
        && fwMark.isEmpty()
        && !replacePeers
        && peers.isEmpty();
  }
}
