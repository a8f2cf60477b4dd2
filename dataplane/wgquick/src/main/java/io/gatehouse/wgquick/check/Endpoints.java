// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.IpLiteral;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where endpoints are. */
final class Endpoints {
  private Endpoints() {}

  /** The address of an endpoint that is no name. */
  static Optional<InetAddress> literal(EndpointAddress endpoint) {
    String host = endpoint.host();
    int zone = host.indexOf('%');
    try {
      return Optional.of(IpLiteral.parse(zone < 0 ? host : host.substring(0, zone)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The addresses of an endpoint, as far as they are known. */
  static List<InetAddress> addresses(EndpointAddress endpoint, HostFacts facts) {
    return literal(endpoint)
        .map(List::of)
        .orElseGet(
            () -> facts.names().getOrDefault(endpoint.host().toLowerCase(Locale.ROOT), List.of()));
  }
}
