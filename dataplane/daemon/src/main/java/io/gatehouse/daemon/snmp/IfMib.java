// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.TunnelActivity;
import io.gatehouse.control.TunnelStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;

/**
 * IF-MIB (RFC 2863): one interface for each tunnel that has one, with nothing above or below it.
 *
 * <p>Counts are of IP packets inside the tunnel. Every packet that is not delivered is a discard,
 * so errors and unknown protocols stay 0; a layer-3 link has no multicast or broadcast frames, so
 * every packet counts as unicast.
 */
final class IfMib {
  static final OID MODULE = new OID("1.3.6.1.2.1.31");
  static final OID INTERFACES = new OID("1.3.6.1.2.1.2");
  static final OID IF_ENTRY = new OID("1.3.6.1.2.1.2.2.1");
  static final OID IF_X_ENTRY = new OID("1.3.6.1.2.1.31.1.1.1");
  static final OID IF_STACK_ENTRY = new OID("1.3.6.1.2.1.31.1.2.1");

  /** IANAifType tunnel. */
  private static final int TUNNEL = 131;

  private static final int UP = 1;
  private static final int DOWN = 2;
  private static final int ENABLED = 1;
  private static final int ACTIVE = 1;

  /** A row of ifStackTable; 0 is nothing. */
  private record Layer(int higher, int lower) {}

  private IfMib() {}

  static List<LiveTable<?>> tables(StatusView status, UpTime upTime) {
    Supplier<Rows<TunnelStatus>> interfaces =
        status.rows(now -> Rows.of(withInterface(now), tunnel -> new int[] {tunnel.ifIndex()}));
    return List.of(
        new LiveTable<>(
            INTERFACES,
            List.of(Column.<GatewayStatus>integer(1, now -> withInterface(now).size())),
            status.rows(Rows::scalars)),
        new LiveTable<>(IF_ENTRY, ifTable(upTime), interfaces),
        new LiveTable<>(IF_X_ENTRY, ifXTable(upTime), interfaces),
        new LiveTable<>(
            IF_STACK_ENTRY,
            List.of(Column.integer(3, (Layer layer) -> ACTIVE)), // ifStackStatus
            status.rows(IfMib::stack)));
  }

  private static Rows<Layer> stack(GatewayStatus status) {
    List<Layer> layers = new ArrayList<>();
    for (TunnelStatus tunnel : withInterface(status)) {
      layers.add(new Layer(0, tunnel.ifIndex()));
      layers.add(new Layer(tunnel.ifIndex(), 0));
    }
    return Rows.of(layers, layer -> new int[] {layer.higher(), layer.lower()});
  }

  /** The tunnels that have an interface now. */
  static List<TunnelStatus> withInterface(GatewayStatus status) {
    return status.tunnels().stream().filter(tunnel -> tunnel.ifIndex() > 0).toList();
  }

  private static List<Column<TunnelStatus>> ifTable(UpTime upTime) {
    return List.of(
        Column.integer(1, TunnelStatus::ifIndex),
        Column.text(2, TunnelStatus::name),
        Column.integer(3, tunnel -> TUNNEL),
        Column.integer(4, TunnelStatus::mtu),
        Column.gauge32(5, tunnel -> 0), // ifSpeed: unknown
        Column.octets(6, tunnel -> new OctetString()), // ifPhysAddress: none
        Column.integer(7, tunnel -> tunnel.state() == TunnelStatus.State.DOWN ? DOWN : UP),
        Column.integer(8, tunnel -> tunnel.state() == TunnelStatus.State.UP ? UP : DOWN),
        UpTime.column(9, tunnel -> upTime.at(tunnel.since())),
        Column.counter32(10, TunnelStatus::rxBytes),
        Column.counter32(11, TunnelStatus::rxPackets),
        Column.counter32(13, TunnelStatus::rxDrops),
        Column.counter32(14, tunnel -> 0),
        Column.counter32(15, tunnel -> 0),
        Column.counter32(16, TunnelStatus::txBytes),
        Column.counter32(17, TunnelStatus::txPackets),
        Column.counter32(19, TunnelStatus::txDrops),
        Column.counter32(20, tunnel -> 0));
  }

  private static List<Column<TunnelStatus>> ifXTable(UpTime upTime) {
    return List.of(
        Column.text(1, TunnelStatus::name),
        Column.counter32(2, tunnel -> 0),
        Column.counter32(3, tunnel -> 0),
        Column.counter32(4, tunnel -> 0),
        Column.counter32(5, tunnel -> 0),
        Column.counter64(6, TunnelStatus::rxBytes),
        Column.counter64(7, TunnelStatus::rxPackets),
        Column.counter64(8, tunnel -> 0),
        Column.counter64(9, tunnel -> 0),
        Column.counter64(10, TunnelStatus::txBytes),
        Column.counter64(11, TunnelStatus::txPackets),
        Column.counter64(12, tunnel -> 0),
        Column.counter64(13, tunnel -> 0),
        Column.integer(14, tunnel -> ENABLED), // ifLinkUpDownTrapEnable
        Column.gauge32(15, tunnel -> 0), // ifHighSpeed: unknown
        Column.truth(16, tunnel -> false), // ifPromiscuousMode
        Column.truth(17, tunnel -> false), // ifConnectorPresent
        Column.text(18, tunnel -> ""), // ifAlias
        UpTime.column(19, tunnel -> upTime.at(countersSince(tunnel))));
  }

  private static long countersSince(TunnelStatus tunnel) {
    return tunnel.activity().flatMap(TunnelActivity::countersSince).orElse(tunnel.since());
  }
}
