// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.control.PeerActivity;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelActivity;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.daemon.events.Event;
import java.util.ArrayList;
import java.util.List;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Events as notifications: those of WG-GATEWAY-MIB, IF-MIB's links, SNMPv2-MIB's coldStart. */
final class Notifications {
  private static final OID IF_NAME = new OID(IfMib.IF_X_ENTRY).append(1);

  private final WgGatewayMib mib;
  private final UpTime upTime;

  Notifications(WgGatewayMib mib, UpTime upTime) {
    this.mib = mib;
    this.upTime = upTime;
  }

  /** The notification's object identifier. */
  OID type(Event event) {
    return switch (event) {
      case Event.Started _ -> SnmpConstants.coldStart;
      case Event.LinkUp _ -> SnmpConstants.linkUp;
      case Event.LinkDown _ -> SnmpConstants.linkDown;
      case Event.PeerUp _ -> mib.oid(0, 1);
      case Event.PeerDown _ -> mib.oid(0, 2);
      case Event.HandshakeFailed _ -> mib.oid(0, 3);
      case Event.LoadChanged _ -> mib.oid(0, 4);
      case Event.ConfigApplied _ -> mib.oid(0, 5);
      case Event.ConfigRejected _ -> mib.oid(0, 6);
      case Event.QuotaReached _ -> mib.oid(0, 7);
      case Event.PeerExpired _ -> mib.oid(0, 8);
      case Event.DriftChanged _ -> mib.oid(0, 9);
      case Event.Test _ -> mib.oid(0, 10);
    };
  }

  /** What the notification carries, sysUpTime and its type first (RFC 3416, section 4.2.6). */
  List<VariableBinding> variables(Event event) {
    List<VariableBinding> variables = new ArrayList<>();
    variables.add(new VariableBinding(SnmpConstants.sysUpTime, upTime.now()));
    variables.add(new VariableBinding(SnmpConstants.snmpTrapOID, type(event)));
    switch (event) {
      case Event.Started _ -> {}
      case Event.LinkUp up -> link(up.tunnel(), true, variables);
      case Event.LinkDown down -> link(down.tunnel(), false, variables);
      case Event.PeerUp up -> {
        peer(up, variables);
        PeerEndpoint endpoint = PeerEndpoint.of(up.peer().endpoint());
        variables.add(cell(up, 5, new Integer32(endpoint.type())));
        variables.add(cell(up, 6, endpoint.address()));
        variables.add(cell(up, 7, new Gauge32(endpoint.port())));
      }
      case Event.PeerDown down -> {
        peer(down, variables);
        variables.add(cell(down, 4, new Integer32(WgGatewayMib.state(down.peer().state()))));
        variables.add(cell(down, 11, new Gauge32(WgGatewayMib.handshakeAge(down.peer()))));
      }
      case Event.HandshakeFailed failed -> {
        peer(failed, variables);
        long failures = failed.peer().activity().orElse(PeerActivity.NONE).handshakeFailures();
        variables.add(cell(failed, 18, new Counter64(failures)));
      }
      case Event.QuotaReached reached -> peer(reached, variables);
      case Event.PeerExpired expired -> peer(expired, variables);
      case Event.LoadChanged load -> {
        TunnelStatus tunnel = load.tunnel();
        long refused = tunnel.activity().orElse(TunnelActivity.NONE).refused();
        variables.add(name(tunnel));
        variables.add(
            new VariableBinding(
                mib.oid(2, 1, 6, tunnel.ifIndex()), new Integer32(load.underLoad() ? 1 : 2)));
        variables.add(
            new VariableBinding(mib.oid(3, 1, 9, tunnel.ifIndex()), new Counter64(refused)));
      }
      case Event.DriftChanged changed -> {
        TunnelStatus tunnel = changed.tunnel();
        variables.add(name(tunnel));
        variables.add(
            new VariableBinding(
                mib.oid(2, 1, 11, tunnel.ifIndex()), new Gauge32(changed.drift().size())));
        variables.add(text(2, changed.why()));
      }
      case Event.ConfigApplied applied -> variables.add(text(1, applied.file()));
      case Event.ConfigRejected rejected -> {
        variables.add(text(1, rejected.file()));
        variables.add(text(2, rejected.why()));
      }
      case Event.Test test -> variables.add(text(2, test.text()));
    }
    return variables;
  }

  private void peer(Event.OfPeer event, List<VariableBinding> variables) {
    PeerStatus peer = event.peer();
    variables.add(name(event.tunnel()));
    variables.add(cell(event, 2, Column.utf8(peer.publicKey())));
    variables.add(cell(event, 3, Column.utf8(WgGatewayMib.name(peer))));
  }

  private VariableBinding cell(Event.OfPeer event, int column, Variable value) {
    return new VariableBinding(
        mib.oid(5, 1, column, event.tunnel().ifIndex(), event.peer().number()), value);
  }

  private static VariableBinding name(TunnelStatus tunnel) {
    OctetString name = Column.utf8(tunnel.name());
    return new VariableBinding(new OID(IF_NAME).append(tunnel.ifIndex()), name);
  }

  private VariableBinding text(int object, String text) {
    return new VariableBinding(mib.oid(8, object, 0), Column.utf8(text));
  }

  private static void link(TunnelStatus tunnel, boolean up, List<VariableBinding> variables) {
    // RFC 2863: set up by the administrator but without a socket is up and down.
    int[][] columns = {{1, tunnel.ifIndex()}, {7, up ? 1 : 2}, {8, up ? 1 : 2}};
    for (int[] column : columns) {
      variables.add(
          new VariableBinding(
              new OID(IfMib.IF_ENTRY).append(column[0]).append(tunnel.ifIndex()),
              new Integer32(column[1])));
    }
  }
}
