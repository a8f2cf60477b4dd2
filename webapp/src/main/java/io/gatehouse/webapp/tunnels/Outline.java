// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.TunnelStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of the page that cells cannot express: which tunnels there are, in order, and a mark for
 * each that changes with its peers, names, addresses and findings. A browser whose mark differs
 * asks for that tunnel's part of the page again.
 */
final class Outline {
  private Outline() {}

  static Map<String, String> of(GatewayStatus status) {
    Map<String, String> marks = new LinkedHashMap<>();
    status.tunnels().forEach(tunnel -> marks.put(tunnel.name(), mark(tunnel)));
    return marks;
  }

  static String mark(TunnelStatus tunnel) {
    List<Object> parts =
        List.of(
            tunnel.publicKey(),
            tunnel.file(),
            tunnel.mtu(),
            tunnel.addresses(),
            tunnel.findings(),
            tunnel.peers().stream()
                .map(peer -> peer.number() + " " + peer.publicKey() + " " + peer.name())
                .toList());
    return Integer.toHexString(parts.hashCode());
  }
}
