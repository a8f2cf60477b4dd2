// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import java.util.Map;

/**
 * How far the counters of a peer have come, so that those of a later device can go on from there.
 * All are unsigned.
 *
 * @param sinceEpochNanos wall clock from when on they count
 * @param rxBytes as {@link Peer#rxBytes}
 * @param txBytes as {@link Peer#txBytes}
 * @param rxPackets as {@link Peer#rxPackets}
 * @param txPackets as {@link Peer#txPackets}
 * @param handshakes as {@link Peer#handshakes}
 * @param handshakeFailures as {@link Peer#handshakeFailures}
 * @param endpointChanges as {@link Peer#endpointChanges}
 * @param drops as {@link Peer#drops()}
 */
public record PeerTotals(
    long sinceEpochNanos,
    long rxBytes,
    long txBytes,
    long rxPackets,
    long txPackets,
    long handshakes,
    long handshakeFailures,
    long endpointChanges,
    Map<DropReason, Long> drops) {
  /** Nothing, at no known time. */
  static final PeerTotals NONE = new PeerTotals(0, 0, 0, 0, 0, 0, 0, 0, Map.of());

  /** Copies the map. */
  public PeerTotals {
    drops = Map.copyOf(drops);
  }

  /** Those of a peer at one moment. */
  public static PeerTotals of(PeerSnapshot peer) {
    return new PeerTotals(
        peer.life().addedEpochNanos(),
        peer.rxBytes(),
        peer.txBytes(),
        peer.rxPackets(),
        peer.txPackets(),
        peer.life().handshakes(),
        peer.life().handshakeFailures(),
        peer.life().endpointChanges(),
        peer.drops());
  }
}
