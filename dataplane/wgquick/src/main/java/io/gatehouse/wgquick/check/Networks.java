// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.Prefix;
import java.net.InetAddress;

/**
 * The networks that a machine is in itself, whose routes are more specific than a default route.
 */
final class Networks {
  private Networks() {}

  /** Those of a machine's interfaces but for a tunnel's own, with the name of the interface. */
  static PrefixTable<String> around(Tunnel tunnel, HostFacts facts) {
    PrefixTable<String> networks = new PrefixTable<>();
    for (HostFacts.HostInterface there : facts.interfaces()) {
      if (!there.name().equals(tunnel.name)) {
        for (Prefix address : there.addresses()) {
          networks.put(address, there.name());
        }
      }
    }
    return networks;
  }

  /** How long the prefix of the network is that an address is in; -1 for none. */
  static int length(PrefixTable<String> networks, InetAddress address) {
    return networks.longest(address).map(match -> match.prefix().length()).orElse(-1);
  }
}
