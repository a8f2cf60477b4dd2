// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one {@code [Peer]} section says.
 *
 * @param publicKey the peer
 * @param presharedKey as given
 * @param allowedIps masked, in file order, without repeats
 * @param endpoint as given, not resolved
 * @param persistentKeepalive seconds 0 to 65535; 0 is off; absent means the file does not say
 * @param metadata what is said about the peer in comments
 * @param line of the section's header, 1-based; 0 for a peer that is not in a file yet
 */
public record PeerConfig(
    PublicKey publicKey,
    Optional<SecretKey> presharedKey,
    List<Prefix> allowedIps,
    Optional<EndpointAddress> endpoint,
    OptionalInt persistentKeepalive,
    PeerMetadata metadata,
    int line) {
  /** Copies the list. */
  public PeerConfig {
    allowedIps = List.copyOf(allowedIps);
  }

  /** A peer of which no more is said than a name, if any. */
  public PeerConfig(
      PublicKey publicKey,
      Optional<SecretKey> presharedKey,
      List<Prefix> allowedIps,
      Optional<EndpointAddress> endpoint,
      OptionalInt persistentKeepalive,
      Optional<String> name,
      int line) {
    this(
        publicKey,
        presharedKey,
        allowedIps,
        endpoint,
        persistentKeepalive,
        PeerMetadata.named(name),
        line);
  }

  /** From {@code # friendly_name = x} or the other dialects. */
  public Optional<String> name() {
    return metadata.name();
  }

  /** How findings name it: by its name, if it has one, and its key. */
  public String shown() {
    return name().map(name -> name + " (" + publicKey + ")").orElse(publicKey.toString());
  }
}
