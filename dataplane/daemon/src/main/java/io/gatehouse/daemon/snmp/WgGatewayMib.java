// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.control.ConfigActivity;
import io.gatehouse.control.DropStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerActivity;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelActivity;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.control.UdpStatus;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.TimeTicks;

/** WG-GATEWAY-MIB, as {@code etc/mibs/WG-GATEWAY-MIB.txt} defines it. */
final class WgGatewayMib {
  /** Provisional: below NET-SNMP-MIB's netSnmpPlaypen until an enterprise number is assigned. */
  static final OID DEFAULT_ROOT = new OID("1.3.6.1.4.1.8072.9999.9999.5182");

  private static final long NEVER = 0xFFFF_FFFFL;
  private static final int SHORT_KEY = 8;
  private static final int IPV4 = 1;
  private static final int IPV6 = 2;

  /** A row of wgDropTable. */
  private record Drops(int ifIndex, DropReason reason, long count) {}

  /** A row of wgPeerTable and of wgPeerKeyTable. */
  private record Peer(
      int ifIndex, PeerStatus status, PeerEndpoint endpoint, PeerActivity activity) {}

  /** A row of wgAllowedIpTable. */
  private record AllowedIp(int ifIndex, Prefix prefix, int peer) {}

  private final OID root;
  private final UpTime upTime;
  private final LongSupplier suppressed;

  /** Which tunnels and peers there were when that was looked at last, and since when. */
  private int present;

  private TimeTicks presentSince = new TimeTicks(0);

  /**
   * The module below a root.
   *
   * @param suppressed how many notifications were held back
   */
  WgGatewayMib(OID root, UpTime upTime, LongSupplier suppressed) {
    this.root = root;
    this.upTime = upTime;
    this.suppressed = suppressed;
  }

  /** The object with these sub-identifiers below the root. */
  OID oid(int... below) {
    return new OID(root.getValue(), below);
  }

  List<LiveTable<?>> tables(StatusView status) {
    return List.of(
        new LiveTable<>(oid(1), scalars(), status.rows(Rows::scalars)),
        new LiveTable<>(oid(2, 1), deviceColumns(), status.rows(WgGatewayMib::devices)),
        new LiveTable<>(oid(3, 1), handshakeColumns(), status.rows(WgGatewayMib::devices)),
        new LiveTable<>(
            oid(4, 1),
            List.of(Column.counter64(2, Drops::count)),
            status.rows(WgGatewayMib::drops)),
        new LiveTable<>(oid(5, 1), peerColumns(), status.rows(WgGatewayMib::peerRows)),
        new LiveTable<>(
            oid(6, 1),
            List.of(Column.gauge32(2, (Peer peer) -> peer.status().number())),
            status.rows(WgGatewayMib::peersByKey)),
        new LiveTable<>(
            oid(7, 1),
            List.of(Column.gauge32(4, AllowedIp::peer)),
            status.rows(WgGatewayMib::allowedIps)));
  }

  private List<Column<GatewayStatus>> scalars() {
    return List.of(
        Column.text(1, GatewayStatus::product),
        Column.gauge32(2, now -> IfMib.withInterface(now).size()),
        Column.gauge32(3, now -> peers(now).size()),
        Column.gauge32(4, now -> up(peers(now))),
        UpTime.column(5, this::lastChange),
        Column.counter32(6, now -> config(now).applied()),
        Column.counter32(7, now -> config(now).rejected()),
        Column.gauge32(8, now -> config(now).changed()),
        Column.text(9, now -> config(now).error()),
        Column.counter32(10, now -> suppressed.getAsLong()));
  }

  private static ConfigActivity config(GatewayStatus now) {
    return now.config().orElse(ConfigActivity.NONE);
  }

  private synchronized TimeTicks lastChange(GatewayStatus now) {
    int hash = 1;
    for (TunnelStatus tunnel : IfMib.withInterface(now)) {
      hash = 31 * hash + Objects.hash(tunnel.ifIndex(), tunnel.name());
      for (PeerStatus peer : tunnel.peers()) {
        hash = 31 * hash + Objects.hash(peer.number(), peer.publicKey());
      }
    }
    if (hash != present) {
      present = hash;
      presentSince = upTime.now();
    }
    return presentSince;
  }

  private static List<PeerStatus> peers(GatewayStatus now) {
    return IfMib.withInterface(now).stream().flatMap(tunnel -> tunnel.peers().stream()).toList();
  }

  private static long up(List<PeerStatus> peers) {
    return peers.stream().filter(peer -> peer.state() == PeerState.UP).count();
  }

  private static Rows<TunnelStatus> devices(GatewayStatus now) {
    return Rows.of(IfMib.withInterface(now), tunnel -> new int[] {tunnel.ifIndex()});
  }

  private static List<Column<TunnelStatus>> deviceColumns() {
    return List.of(
        Column.text(1, TunnelStatus::publicKey),
        Column.gauge32(2, TunnelStatus::listenPort),
        Column.gauge32(3, tunnel -> Integer.toUnsignedLong(tunnel.fwMark())),
        Column.gauge32(4, tunnel -> tunnel.peers().size()),
        Column.gauge32(5, tunnel -> up(tunnel.peers())),
        Column.truth(6, tunnel -> activity(tunnel).underLoad()),
        Column.counter64(7, tunnel -> udp(tunnel).rxDatagrams()),
        Column.counter64(8, tunnel -> udp(tunnel).txDatagrams()),
        Column.counter64(9, tunnel -> udp(tunnel).rxBytes()),
        Column.counter64(10, tunnel -> udp(tunnel).txBytes()),
        Column.gauge32(11, tunnel -> tunnel.effectiveDrift().size()));
  }

  private static UdpStatus udp(TunnelStatus tunnel) {
    return activity(tunnel).udp().orElse(UdpStatus.NONE);
  }

  private static List<Column<TunnelStatus>> handshakeColumns() {
    return List.of(
        Column.counter64(1, tunnel -> activity(tunnel).initiationsIn()),
        Column.counter64(2, tunnel -> activity(tunnel).initiationsOut()),
        Column.counter64(3, tunnel -> activity(tunnel).responsesIn()),
        Column.counter64(4, tunnel -> activity(tunnel).responsesOut()),
        Column.counter64(5, tunnel -> activity(tunnel).cookiesIn()),
        Column.counter64(6, tunnel -> activity(tunnel).cookiesOut()),
        Column.counter64(7, tunnel -> activity(tunnel).completed()),
        Column.counter64(8, tunnel -> activity(tunnel).timedOut()),
        Column.counter64(9, tunnel -> activity(tunnel).refused()));
  }

  private static TunnelActivity activity(TunnelStatus tunnel) {
    return tunnel.activity().orElse(TunnelActivity.NONE);
  }

  private static Rows<Drops> drops(GatewayStatus now) {
    List<Drops> rows = new ArrayList<>();
    for (TunnelStatus tunnel : IfMib.withInterface(now)) {
      Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);
      add(counts, tunnel.drops());
      tunnel.peers().forEach(peer -> add(counts, peer.drops()));
      for (DropReason reason : DropReason.values()) {
        rows.add(new Drops(tunnel.ifIndex(), reason, counts.getOrDefault(reason, 0L)));
      }
    }
    return Rows.of(rows, row -> new int[] {row.ifIndex(), row.reason().number()});
  }

  private static void add(Map<DropReason, Long> counts, List<DropStatus> drops) {
    drops.forEach(drop -> counts.merge(DropReason.valueOf(drop.reason()), drop.count(), Long::sum));
  }

  private static List<Peer> peersOf(GatewayStatus status) {
    List<Peer> peers = new ArrayList<>();
    for (TunnelStatus tunnel : IfMib.withInterface(status)) {
      for (PeerStatus peer : tunnel.peers()) {
        peers.add(
            new Peer(
                tunnel.ifIndex(),
                peer,
                PeerEndpoint.of(peer.endpoint()),
                peer.activity().orElse(PeerActivity.NONE)));
      }
    }
    return peers;
  }

  private static Rows<Peer> peerRows(GatewayStatus status) {
    return Rows.of(peersOf(status), peer -> new int[] {peer.ifIndex(), peer.status().number()});
  }

  private List<Column<Peer>> peerColumns() {
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
        Column.gauge32(11, peer -> handshakeAge(peer.status())),
        Column.counter64(12, peer -> peer.status().rxBytes()),
        Column.counter64(13, peer -> peer.status().txBytes()),
        Column.counter64(14, peer -> peer.status().rxPackets()),
        Column.counter64(15, peer -> peer.status().txPackets()),
        Column.counter64(
            16, peer -> peer.status().drops().stream().mapToLong(DropStatus::count).sum()),
        Column.counter64(17, peer -> peer.activity().handshakes()),
        Column.counter64(18, peer -> peer.activity().handshakeFailures()),
        Column.counter64(19, peer -> peer.activity().endpointChanges()),
        Column.gauge32(20, peer -> peer.status().allowedIps().size()),
        UpTime.column(21, peer -> upTime.at(peer.activity().since())));
  }

  /** wgPeerLastHandshakeAge. */
  static long handshakeAge(PeerStatus peer) {
    return peer.lastHandshakeAge() < 0 ? NEVER : peer.lastHandshakeAge();
  }

  private static Rows<Peer> peersByKey(GatewayStatus status) {
    return Rows.of(
        peersOf(status),
        peer -> {
          byte[] key = PublicKey.parse(peer.status().publicKey()).octets();
          int[] index = new int[1 + key.length];
          index[0] = peer.ifIndex();
          for (int i = 0; i < key.length; i++) {
            index[1 + i] = Byte.toUnsignedInt(key[i]);
          }
          return index;
        });
  }

  private static Rows<AllowedIp> allowedIps(GatewayStatus status) {
    List<AllowedIp> rows = new ArrayList<>();
    for (TunnelStatus tunnel : IfMib.withInterface(status)) {
      for (PeerStatus peer : tunnel.peers()) {
        if (peer.state().isInForce()) {
          for (String prefix : peer.allowedIps()) {
            rows.add(new AllowedIp(tunnel.ifIndex(), Prefix.parse(prefix), peer.number()));
          }
        }
      }
    }
    return Rows.of(rows, WgGatewayMib::index);
  }

  private static int[] index(AllowedIp row) {
    byte[] address = row.prefix().address().getAddress();
    int[] index = new int[4 + address.length];
    index[0] = row.ifIndex();
    index[1] = row.prefix().isIpv6() ? IPV6 : IPV4;
    index[2] = address.length;
    for (int i = 0; i < address.length; i++) {
      index[3 + i] = Byte.toUnsignedInt(address[i]);
    }
    index[3 + address.length] = row.prefix().length();
    return index;
  }

  /** WgSessionState. */
  static int state(PeerState state) {
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

  /** wgPeerName. Stations use it as a label, and labels must not be empty. */
  static String name(PeerStatus peer) {
    return peer.name().isEmpty()
        ? peer.publicKey().substring(0, Math.min(SHORT_KEY, peer.publicKey().length()))
        : peer.name();
  }
}
