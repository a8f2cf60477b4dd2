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
 * @param rxBytes received from the peer, as wg(8) counts
 * @param txBytes sent to the peer, as wg(8) counts
 * @param rxPackets data packets received and accepted
 * @param txPackets data packets sent
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
    long rxBytes,
    long txBytes,
    long rxPackets,
    long txPackets) {
  /** Copies the list. */
  public PeerStatus {
    allowedIps = List.copyOf(allowedIps);
  }
}
