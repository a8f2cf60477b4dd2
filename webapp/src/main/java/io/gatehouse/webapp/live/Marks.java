// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.TunnelStatus;
import java.util.List;

/**
 * What cells cannot express: a mark for each subject that changes with what stands around its
 * cells, such as which peers there are, their names and the findings. A browser whose mark differs
 * asks for that part of the page again.
 */
public final class Marks {
  private Marks() {}

  /** The mark of a subject; empty when there is none such any more. */
  public static String of(Moment now, Subject subject) {
    if (subject.peer() != 0) {
      return now.peer(subject.tunnel(), subject.peer())
          .map(
              peer ->
                  mark(
                      peer.publicKey(),
                      peer.name(),
                      peer.allowedIps(),
                      peer.tags(),
                      peer.note(),
                      peer.expires(),
                      peer.quota().isPresent(),
                      peer.persistentKeepalive(),
                      peer.presharedKey()))
          .orElse("");
    }
    if (!subject.tunnel().isEmpty()) {
      return now.tunnel(subject.tunnel()).map(Marks::of).orElse("");
    }
    return mark(
        now.view().status().flatMap(GatewayStatus::commit),
        now.tunnels().stream().map(tunnel -> tunnel.name() + of(tunnel)).toList());
  }

  private static String of(TunnelStatus tunnel) {
    return mark(
        tunnel.publicKey(),
        tunnel.file(),
        tunnel.state(),
        tunnel.mtu(),
        tunnel.addresses(),
        tunnel.findings(),
        tunnel.drift(),
        tunnel.peers().stream()
            .map(peer -> peer.number() + " " + peer.publicKey() + " " + peer.name())
            .toList());
  }

  private static String mark(Object... parts) {
    return Integer.toHexString(List.of(parts).hashCode());
  }
}
