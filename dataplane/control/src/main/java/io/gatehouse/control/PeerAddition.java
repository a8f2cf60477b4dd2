// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import io.gatehouse.wgquick.SecretKey;
import java.util.List;
import java.util.Optional;

/**
 * Parameters of {@code peer.add}: a peer to be written into a tunnel's file. The data plane checks
 * every value; nothing here is trusted.
 *
 * @param tunnel interface name
 * @param name friendly name, or empty
 * @param publicKey base64
 * @param allowedIps {@code address/length}, may be empty
 * @param endpoint {@code host:port}, or empty
 * @param persistentKeepalive seconds 0 to 65535, 0 is off
 * @param presharedKey a secret, written as base64 on the socket
 * @param origin who and why; without it the user of the asking process
 */
public record PeerAddition(
    String tunnel,
    String name,
    String publicKey,
    List<String> allowedIps,
    String endpoint,
    int persistentKeepalive,
    Optional<SecretKey> presharedKey,
    Optional<ChangeOrigin> origin) {
  /** Copies the list. */
  public PeerAddition {
    allowedIps = List.copyOf(allowedIps);
  }

  /** By whoever runs the asking process. */
  public PeerAddition(
      String tunnel,
      String name,
      String publicKey,
      List<String> allowedIps,
      String endpoint,
      int persistentKeepalive,
      Optional<SecretKey> presharedKey) {
    this(
        tunnel,
        name,
        publicKey,
        allowedIps,
        endpoint,
        persistentKeepalive,
        presharedKey,
        Optional.empty());
  }
}
