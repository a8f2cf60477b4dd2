// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;

/** Tells real changes of a status from the mere passing of time. */
final class StatusChange {
  private StatusChange() {}

  /** The status with all that changes by itself set to zero. */
  static GatewayStatus withoutClocks(GatewayStatus status) {
    return new GatewayStatus(
        status.version(),
        status.tunnelDirectory(),
        status.started(),
        0,
        status.tunnels().stream().map(StatusChange::withoutClocks).toList(),
        status.commit());
  }

  private static TunnelStatus withoutClocks(TunnelStatus tunnel) {
    return new TunnelStatus(
        tunnel.name(),
        tunnel.file(),
        tunnel.state(),
        tunnel.ifIndex(),
        tunnel.publicKey(),
        tunnel.listenPort(),
        tunnel.fwMark(),
        tunnel.mtu(),
        tunnel.addresses(),
        tunnel.peers().stream().map(StatusChange::withoutAge).toList(),
        tunnel.findings(),
        tunnel.rxBytes(),
        tunnel.txBytes(),
        tunnel.rxPackets(),
        tunnel.txPackets(),
        tunnel.rxDrops(),
        tunnel.txDrops(),
        tunnel.drops(),
        tunnel.offloads(),
        tunnel.since());
  }

  private static PeerStatus withoutAge(PeerStatus peer) {
    return new PeerStatus(
        peer.number(),
        peer.publicKey(),
        peer.name(),
        peer.state(),
        peer.endpoint(),
        peer.allowedIps(),
        peer.presharedKey(),
        peer.persistentKeepalive(),
        peer.lastHandshake(),
        0,
        peer.retryingSince(),
        peer.rxBytes(),
        peer.txBytes(),
        peer.rxPackets(),
        peer.txPackets(),
        peer.drops(),
        peer.expires(),
        peer.quota(),
        peer.tags(),
        peer.note());
  }
}
