// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.control.DropStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelActivity;
import io.gatehouse.control.TunnelStatus;
import java.util.List;

/**
 * How far a new peer has come, in counts that only rise: lamps.js compares them with those of the
 * moment when the peer was made, and lights a lamp for each step.
 */
final class Lamps {
  private Lamps() {}

  /**
   * What came to a tunnel's port: handshake messages and what could not be read, those of them that
   * were made for another public key, and those of keys that no peer has.
   */
  static String arrivals(TunnelStatus tunnel) {
    TunnelActivity activity = tunnel.activity().orElse(TunnelActivity.NONE);
    long other = tunnel.drops().stream().mapToLong(DropStatus::count).sum();
    return activity.initiationsIn()
        + activity.responsesIn()
        + Math.max(activity.refused(), other)
        + " "
        + count(tunnel.drops(), "BAD_MAC1")
        + " "
        + count(tunnel.drops(), "UNKNOWN_PEER");
  }

  /**
   * What came of a peer: whether its address is known, whether a handshake was confirmed, whether a
   * packet came through, and how many messages were not authentic.
   */
  static String progress(PeerStatus peer) {
    return (peer.endpoint().isEmpty() ? 0 : 1)
        + " "
        + (peer.lastHandshake() == 0 ? 0 : 1)
        + " "
        + (peer.rxPackets() == 0 ? 0 : 1)
        + " "
        + count(peer.drops(), "AUTH_FAILED");
  }

  private static long count(List<DropStatus> drops, String reason) {
    return drops.stream()
        .filter(drop -> drop.reason().equals(reason))
        .mapToLong(DropStatus::count)
        .sum();
  }
}
