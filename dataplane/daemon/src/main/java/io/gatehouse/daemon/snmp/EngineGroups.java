// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.control.SnmpRefusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snmp4j.mp.DefaultCounterListener;
import org.snmp4j.security.USM;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;

/**
 * What the SNMP engine tells of itself: the snmp group of SNMPv2-MIB (RFC 3418), snmpEngine (RFC
 * 3411), snmpMPDStats (RFC 3412) and usmStats (RFC 3414).
 */
final class EngineGroups {
  static final OID SNMP = new OID("1.3.6.1.2.1.11");
  static final OID SNMP_ENGINE = new OID("1.3.6.1.6.3.10.2.1");
  static final OID MPD_STATS = new OID("1.3.6.1.6.3.11.2.1");
  static final OID USM_STATS = new OID("1.3.6.1.6.3.15.1.1");

  private static final int DISABLED = 2;

  private final DefaultCounterListener counters;
  private final Map<OID, Counter32> counts = new HashMap<>();

  /** Counters are kept in the listener, which the caller adds wherever SNMP4J counts. */
  EngineGroups(DefaultCounterListener counters) {
    this.counters = counters;
  }

  List<LiveTable<?>> tables(Engine engine, USM usm) {
    List<Column<EngineGroups>> snmp = new ArrayList<>();
    for (int id : new int[] {1, 3, 4, 5, 6, 31, 32}) {
      snmp.add(counter(SNMP, id));
    }
    snmp.add(Column.integer(30, self -> DISABLED)); // snmpEnableAuthenTraps
    List<Column<EngineGroups>> mpd = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      mpd.add(counter(MPD_STATS, id));
    }
    List<Column<EngineGroups>> usmStats = new ArrayList<>();
    for (int id = 1; id <= 6; id++) {
      usmStats.add(counter(USM_STATS, id));
    }
    List<Column<EngineGroups>> snmpEngine =
        List.of(
            Column.octets(1, self -> new OctetString(engine.id())),
            Column.integer(2, self -> engine.boots()),
            Column.integer(3, self -> usm.getEngineTime()),
            Column.integer(4, self -> Responder.MAX_RESPONSE));
    return List.of(
        scalars(SNMP, snmp),
        scalars(SNMP_ENGINE, snmpEngine),
        scalars(MPD_STATS, mpd),
        scalars(USM_STATS, usmStats));
  }

  /** What was refused, each kind once. */
  List<SnmpRefusal> refusals() {
    return List.of(
        refusal(SnmpRefusal.Kind.UNKNOWN_USER, USM_STATS, 3),
        refusal(SnmpRefusal.Kind.WRONG_DIGEST, USM_STATS, 5),
        refusal(SnmpRefusal.Kind.DECRYPTION_ERROR, USM_STATS, 6),
        refusal(SnmpRefusal.Kind.UNSUPPORTED_LEVEL, USM_STATS, 1),
        refusal(SnmpRefusal.Kind.NOT_IN_TIME_WINDOW, USM_STATS, 2),
        refusal(SnmpRefusal.Kind.BAD_COMMUNITY, SNMP, 4));
  }

  private SnmpRefusal refusal(SnmpRefusal.Kind kind, OID group, int id) {
    Counter32 count = counts.get(new OID(group).append(id).append(0));
    return new SnmpRefusal(kind, count == null ? 0 : count.getValue());
  }

  private LiveTable<EngineGroups> scalars(OID group, List<Column<EngineGroups>> columns) {
    Rows<EngineGroups> row = Rows.scalars(this);
    return new LiveTable<>(group, columns, () -> row);
  }

  private Column<EngineGroups> counter(OID group, int id) {
    Counter32 count = new Counter32();
    OID name = new OID(group).append(id).append(0);
    counters.add(name, count);
    counts.put(name, count);
    return Column.counter32(id, self -> count.getValue());
  }
}
