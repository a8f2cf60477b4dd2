// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.List;
import java.util.Optional;

/**
 * A device at one moment: what {@code get=1} of the UAPI answers, and a little more. Holds secrets;
 * their {@code toString} is masked.
 *
 * @param privateKey absent when none is set
 * @param publicKey absent when there is no private key
 * @param listenPort in use, 0 when none
 * @param fwMark 0 is off
 * @param peers in the order they were added
 */
public record DeviceSnapshot(
    Optional<SecretKey> privateKey,
    Optional<PublicKey> publicKey,
    int listenPort,
    int fwMark,
    List<PeerSnapshot> peers) {
  /** Copies the list. */
  public DeviceSnapshot {
    peers = List.copyOf(peers);
  }

  /**
   * One peer at that moment.
   *
   * @param publicKey the peer
   * @param presharedKey absent when none is set
   * @param endpoint absent when not known
   * @param persistentKeepalive seconds, 0 is off
   * @param allowedIps masked, shortest first within a family, IPv4 first
   * @param lastHandshakeEpochNanos wall clock, 0 is never
   * @param lastHandshakeAgeNanos monotonic, -1 is never
   * @param rxBytes UDP payload octets received and authenticated, handshakes included
   * @param txBytes UDP payload octets sent, handshakes included
   * @param rxPackets data packets accepted
   * @param txPackets data packets sent
   * @param session whether a session is there that packets can use now
   * @param handshaking whether an initiation of ours is waiting for its answer
   */
  public record PeerSnapshot(
      PublicKey publicKey,
      Optional<SecretKey> presharedKey,
      Optional<Endpoint> endpoint,
      int persistentKeepalive,
      List<Prefix> allowedIps,
      long lastHandshakeEpochNanos,
      long lastHandshakeAgeNanos,
      long rxBytes,
      long txBytes,
      long rxPackets,
      long txPackets,
      boolean session,
      boolean handshaking) {
    /** Copies the list. */
    public PeerSnapshot {
      allowedIps = List.copyOf(allowedIps);
    }
  }
}
