// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import java.util.ArrayList;
import java.util.List;
import org.snmp4j.smi.OID;

/** WG-GATEWAY-MIB, as {@code etc/mibs/WG-GATEWAY-MIB.txt} defines it. */
final class WgGatewayMib {
  /** Provisional: below NET-SNMP-MIB's netSnmpPlaypen until an enterprise number is assigned. */
  static final OID ROOT = new OID("1.3.6.1.4.1.8072.9999.9999.5182");

  static final OID PEER_ENTRY = new OID("1.3.6.1.4.1.8072.9999.9999.5182.5.1");

  private static final long NEVER = 0xFFFF_FFFFL;
  private static final int SHORT_KEY = 8;

  /** A row of wgPeerTable. */
  private record Peer(int ifIndex, PeerStatus status, PeerEndpoint endpoint) {}

  private WgGatewayMib() {}

  static List<LiveTable<?>> tables(StatusView status) {
    return List.of(new LiveTable<>(PEER_ENTRY, peerColumns(), status.rows(WgGatewayMib::peerRows)));
  }

  private static Rows<Peer> peerRows(GatewayStatus status) {
    List<Peer> peers = new ArrayList<>();
    for (TunnelStatus tunnel : IfMib.withInterface(status)) {
      for (PeerStatus peer : tunnel.peers()) {
        peers.add(new Peer(tunnel.ifIndex(), peer, PeerEndpoint.of(peer.endpoint())));
      }
    }
    return Rows.of(peers, peer -> new int[] {peer.ifIndex(), peer.status().number()});
  }

  // The gaps in the numbers belong to objects that the status does not carry yet.
  private static List<Column<Peer>> peerColumns() {
    return List.of(
        Column.text(2, peer -> peer.status().publicKey()),
        Column.text(3, peer -> name(peer.status())),
        Column.integer(4, peer -> state(peer.status().state())),
        Column.integer(5, peer -> peer.endpoint().type()),
        Column.octets(6, peer -> peer.endpoint().address()),
        Column.gauge32(7, peer -> peer.endpoint().port()),
        Column.truth(8, peer -> peer.status().presharedKey()),
        Column.gauge32(9, peer -> peer.status().persistentKeepalive()),
        Column.gauge32(10, peer -> peer.status().lastHandshake()),
        Column.gauge32(
            11,
            peer ->
                peer.status().lastHandshakeAge() < 0 ? NEVER : peer.status().lastHandshakeAge()),
        Column.counter64(12, peer -> peer.status().rxBytes()),
        Column.counter64(13, peer -> peer.status().txBytes()),
        Column.counter64(14, peer -> peer.status().rxPackets()),
        Column.counter64(15, peer -> peer.status().txPackets()),
        Column.gauge32(20, peer -> peer.status().allowedIps().size()));
  }

  /** WgSessionState. */
  private static int state(PeerState state) {
    return switch (state) {
      case NEVER -> 1;
      case UP -> 2;
      case IDLE -> 3;
      case RETRYING -> 4;
      case DISABLED -> 5;
      case EXPIRED -> 6;
      case OVER_QUOTA -> 7;
    };
  }

  // Stations use the name as a label, and labels must not repeat.
  private static String name(PeerStatus peer) {
    return peer.name().isEmpty()
        ? peer.publicKey().substring(0, Math.min(SHORT_KEY, peer.publicKey().length()))
        : peer.name();
  }
}
