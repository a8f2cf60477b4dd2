// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * One peer at one moment. Holds no secret.
 *
 * @param number stable small integer within the tunnel, never reused while remembered (wgPeerIndex)
 * @param publicKey base64
 * @param name friendly name, or empty
 * @param state what the handshake machine says
 * @param endpoint {@code address:port} in use, or empty
 * @param allowedIps {@code address/length}
 * @param presharedKey whether one is set
 * @param persistentKeepalive seconds, 0 is off
 * @param lastHandshake Unix seconds, 0 is never
 * @param lastHandshakeAge seconds by the monotonic clock, -1 is never
 * @param retryingSince Unix seconds of the first initiation that is still unanswered, 0 when there
 *     is none
 * @param rxBytes received from the peer, as wg(8) counts
 * @param txBytes sent to the peer, as wg(8) counts
 * @param rxPackets data packets received and accepted
 * @param txPackets data packets sent
 * @param drops what went no further, of this peer
 */
public record PeerStatus(
    int number,
    String publicKey,
    String name,
    PeerState state,
    String endpoint,
    List<String> allowedIps,
    boolean presharedKey,
    int persistentKeepalive,
    long lastHandshake,
    long lastHandshakeAge,
    long retryingSince,
    long rxBytes,
    long txBytes,
    long rxPackets,
    long txPackets,
    List<DropStatus> drops) {
  /** Copies the lists. */
  public PeerStatus {
    drops = List.copyOf(drops);
    allowedIps = List.copyOf(allowedIps);
  }
}
