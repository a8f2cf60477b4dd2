// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one {@code [Peer]} section says, while it is being read. */
final class PeerSection {
  /** A prefix with the line it stands on. */
  record AllowedIp(Prefix prefix, int line) {}

  final int line;
  final Optional<String> name;
  final List<AllowedIp> allowedIps = new ArrayList<>();
  @Nullable PublicKey publicKey;
  @Nullable SecretKey presharedKey;
  @Nullable EndpointAddress endpoint;
  @Nullable Integer persistentKeepalive;
  OwnValues own = OwnValues.NONE;

  /** Whether a PublicKey line is there, good or bad, so that its absence is not reported too. */
  boolean hasPublicKeyLine;

  /** Whether an AllowedIPs line is there, good or bad. */
  boolean hasAllowedIpsLine;

  PeerSection(int line, Optional<String> name) {
    this.line = line;
    this.name = name;
  }
}
