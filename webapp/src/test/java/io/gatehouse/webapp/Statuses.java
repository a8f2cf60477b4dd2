// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import io.gatehouse.control.DriftLine;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** States of a gateway, made short. */
public final class Statuses {
  public static final String KEY = "fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=";
  public static final String OTHER_KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

  private Statuses() {}

  public static GatewayStatus gateway(long time, TunnelStatus... tunnels) {
    return new GatewayStatus("0.1", "/etc/gatehouse/tunnels", 1, time, List.of(tunnels));
  }

  public static TunnelStatus tunnel(
      String name, List<PeerStatus> peers, FindingStatus... findings) {
    return new TunnelStatus(
        name,
        name + ".conf",
        TunnelStatus.State.UP,
        7,
        OTHER_KEY,
        51821,
        0,
        1420,
        List.of("10.0.0.1/32"),
        peers,
        List.of(findings),
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        List.of(),
        1);
  }

  public static PeerStatus peer(int number, String key, String name, long handshake, long rx) {
    return new PeerStatus(
        number,
        key,
        name,
        handshake == 0 ? PeerState.NEVER : PeerState.UP,
        "203.0.113.2:51822",
        List.of("192.168.200.0/24"),
        false,
        0,
        handshake,
        handshake == 0 ? -1 : 1,
        0,
        rx,
        0,
        0,
        0,
        List.of(),
        0,
        Optional.empty(),
        List.of(),
        "");
  }

  /** The same tunnel, of which something runs otherwise. */
  public static TunnelStatus drifting(TunnelStatus tunnel, DriftLine... lines) {
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
        tunnel.peers(),
        tunnel.findings(),
        tunnel.rxBytes(),
        tunnel.txBytes(),
        tunnel.rxPackets(),
        tunnel.txPackets(),
        tunnel.rxDrops(),
        tunnel.txDrops(),
        tunnel.drops(),
        tunnel.offloads(),
        tunnel.since(),
        tunnel.activity(),
        List.of(lines));
  }

  /** The same tunnel with one peer more. */
  public static TunnelStatus with(TunnelStatus tunnel, PeerStatus peer) {
    List<PeerStatus> peers = new ArrayList<>(tunnel.peers());
    peers.add(peer);
    return tunnel(tunnel.name(), peers, tunnel.findings().toArray(FindingStatus[]::new));
  }
}
