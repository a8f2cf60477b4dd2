// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.control.GatewayStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.SMIConstants;
import org.snmp4j.smi.TimeTicks;

/** The system group of SNMPv2-MIB (RFC 3418). */
final class SystemGroup {
  static final OID SYSTEM = new OID("1.3.6.1.2.1.1");
  static final OID SYS_OR_ENTRY = new OID("1.3.6.1.2.1.1.9.1");

  /** Internet (layer 3), end-to-end (4) and applications (7): 2^2 + 2^3 + 2^6. */
  private static final int SERVICES = 76;

  /** A row of sysORTable. */
  private record Module(int index, OID id, String description) {}

  private static final List<Module> MODULES =
      List.of(
          new Module(1, new OID("1.3.6.1.6.3.1"), "SNMPv2-MIB: the system and snmp groups"),
          new Module(2, new OID("1.3.6.1.6.3.10"), "SNMP-FRAMEWORK-MIB: the snmpEngine group"),
          new Module(3, new OID("1.3.6.1.6.3.11"), "SNMP-MPD-MIB: the snmpMPDStats group"),
          new Module(4, new OID("1.3.6.1.6.3.15"), "SNMP-USER-BASED-SM-MIB: the usmStats group"),
          new Module(5, IfMib.MODULE, "IF-MIB: ifTable, ifXTable and ifStackTable of the tunnels"));

  private SystemGroup() {}

  static List<LiveTable<?>> tables(StatusView status, UpTime upTime, String sysName, OID root) {
    List<Column<GatewayStatus>> system =
        List.of(
            Column.text(1, GatewayStatus::product),
            objectId(2, now -> root),
            UpTime.column(3, now -> upTime.now()),
            Column.text(4, now -> ""), // sysContact
            Column.text(5, now -> sysName),
            Column.text(6, now -> ""), // sysLocation
            Column.integer(7, now -> SERVICES),
            UpTime.column(8, now -> new TimeTicks(0))); // sysORLastChange: never since the start
    List<Column<Module>> modules =
        List.of(
            objectId(2, Module::id),
            Column.text(3, Module::description),
            UpTime.column(4, module -> new TimeTicks(0)));
    List<Module> served = new ArrayList<>(MODULES);
    served.add(new Module(6, root, "WG-GATEWAY-MIB: tunnels and peers"));
    Rows<Module> rows = Rows.of(served, module -> new int[] {module.index()});
    return List.of(
        new LiveTable<>(SYSTEM, system, status.rows(Rows::scalars)),
        new LiveTable<>(SYS_OR_ENTRY, modules, () -> rows));
  }

  private static <R> Column<R> objectId(int id, Function<R, OID> value) {
    return new Column<>(id, SMIConstants.SYNTAX_OBJECT_IDENTIFIER, value::apply);
  }
}
