// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;
import java.util.Optional;

/**
 * One peer at one moment. Holds no secret.
 *
 * @param number stable small integer within the tunnel, never reused while remembered (wgPeerIndex)
 * @param publicKey base64
 * @param name friendly name, or empty
 * @param state what the handshake machine says, or why it is not in force
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
 * @param expires Unix seconds from when on it is not in force, 0 is never
 * @param quota what it may use, if that is limited
 * @param tags words to find and group it by
 * @param note what a person has to say about it, or empty
 * @param activity what has happened to it; missing when it is not in force
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
    List<DropStatus> drops,
    long expires,
    Optional<QuotaStatus> quota,
    List<String> tags,
    String note,
    Optional<PeerActivity> activity) {
  /** Without word of what has happened to it. */
  public PeerStatus(
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
      List<DropStatus> drops,
      long expires,
      Optional<QuotaStatus> quota,
      List<String> tags,
      String note) {
    this(
        number,
        publicKey,
        name,
        state,
        endpoint,
        allowedIps,
        presharedKey,
        persistentKeepalive,
        lastHandshake,
        lastHandshakeAge,
        retryingSince,
        rxBytes,
        txBytes,
        rxPackets,
        txPackets,
        drops,
        expires,
        quota,
        tags,
        note,
        Optional.empty());
  }

  /** Copies the lists. */
  public PeerStatus {
    drops = List.copyOf(drops);
    allowedIps = List.copyOf(allowedIps);
    tags = List.copyOf(tags);
  }

  /** Whether nothing but time has passed between two statuses of a peer. */
  boolean isSameButForAge(PeerStatus other) {
    return equals(other)
        || lastHandshake == other.lastHandshake && equals(other.withAge(lastHandshakeAge));
  }

  /** The same peer some seconds later. */
  PeerStatus older(long seconds) {
    return seconds == 0 || lastHandshakeAge < 0 ? this : withAge(lastHandshakeAge + seconds);
  }

  private PeerStatus withAge(long age) {
    return new PeerStatus(
        number,
        publicKey,
        name,
        state,
        endpoint,
        allowedIps,
        presharedKey,
        persistentKeepalive,
        lastHandshake,
        age,
        retryingSince,
        rxBytes,
        txBytes,
        rxPackets,
        txPackets,
        drops,
        expires,
        quota,
        tags,
        note,
        activity);
  }
}
