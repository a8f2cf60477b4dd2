// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import io.gatehouse.wgquick.TunnelConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** A device silently leaves out the peer with its own key, so nothing may lead there either. */
final class OwnKey {
  private OwnKey() {}

  /** The peers of a file that its device will have. */
  static List<PeerConfig> realPeers(TunnelConfig config) {
    Optional<PublicKey> own = of(config);
    return config.peers().stream()
        .filter(peer -> !own.equals(Optional.of(peer.publicKey())))
        .toList();
  }

  /** The public key of a file's tunnel, if it has a private one. */
  static Optional<PublicKey> of(TunnelConfig config) {
    return config.privateKey().filter(key -> !key.isZero()).map(OwnKey::publicKey);
  }

  private static PublicKey publicKey(SecretKey key) {
    byte[] secret = key.revealOctets();
    byte[] point = new byte[PublicKey.LENGTH];
    X25519.scalarMultBase(secret, 0, point, 0);
    Arrays.fill(secret, (byte) 0);
    return PublicKey.of(point);
  }
}
