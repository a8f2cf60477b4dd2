// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The part of a {@link DeviceChange} about one peer.
 *
 * @param publicKey the peer
 * @param remove takes the peer away
 * @param updateOnly changes nothing when the peer is not there
 * @param presharedKey all zero clears it
 * @param endpoint resolved, source left to the system
 * @param persistentKeepalive seconds 0 to 65535, 0 is off
 * @param replaceAllowedIps allowed IPs that are not in this change go away, in one step for the
 *     packet path
 * @param allowedIps in order
 */
public record PeerChange(
    PublicKey publicKey,
    boolean remove,
    boolean updateOnly,
    Optional<SecretKey> presharedKey,
    Optional<Endpoint> endpoint,
    OptionalInt persistentKeepalive,
    boolean replaceAllowedIps,
    List<AllowedIpChange> allowedIps) {
  /**
   * One allowed IP given or taken.
   *
   * @param prefix masked
   * @param remove whether it is taken from this peer
   */
  public record AllowedIpChange(Prefix prefix, boolean remove) {}

  /** Copies the list. */
  public PeerChange {
    allowedIps = List.copyOf(allowedIps);
  }
}
