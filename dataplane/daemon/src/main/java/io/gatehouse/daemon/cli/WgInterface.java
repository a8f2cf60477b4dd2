// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.List;
import java.util.Optional;

/**
 * An interface as {@code get=1} of its UAPI socket tells. Holds secrets; their {@code toString} is
 * masked.
 *
 * @param publicKey absent when there is no private key
 * @param listenPort 0 when none
 * @param fwMark 0 is off, unsigned
 * @param peers in the order of the answer
 */
record WgInterface(
    String name,
    Optional<SecretKey> privateKey,
    Optional<PublicKey> publicKey,
    int listenPort,
    int fwMark,
    List<WgPeer> peers) {
  WgInterface {
    peers = List.copyOf(peers);
  }

  /**
   * One peer.
   *
   * @param presharedKey absent when none is set
   * @param endpoint {@code ADDRESS:PORT} as wg(8) shows it, empty when not known
   * @param allowedIps {@code ADDRESS/LENGTH}, in the order of the answer
   * @param handshakeSeconds since 1970, 0 is never
   * @param handshakeNanos within that second
   * @param received octets
   * @param sent octets
   * @param persistentKeepalive seconds, 0 is off
   */
  record WgPeer(
      PublicKey publicKey,
      Optional<SecretKey> presharedKey,
      String endpoint,
      List<String> allowedIps,
      long handshakeSeconds,
      long handshakeNanos,
      long received,
      long sent,
      int persistentKeepalive) {
    WgPeer {
      allowedIps = List.copyOf(allowedIps);
    }
  }
}
