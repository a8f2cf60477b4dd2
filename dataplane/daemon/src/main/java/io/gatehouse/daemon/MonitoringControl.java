// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.MonitoringStatus;
import io.gatehouse.control.StationFile;
import io.gatehouse.daemon.control.MonitoringGateway;
import io.gatehouse.daemon.snmp.SnmpAgent;
import io.gatehouse.daemon.snmp.SnmpOptions;
import io.gatehouse.daemon.snmp.StationFiles;
import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The doors for stations, as the control socket shows them. */
final class MonitoringControl implements MonitoringGateway {
  private final SnmpDoor snmp;
  private final Doors doors;
  private final LongSupplier heldBack;

  /**
   * What the settings say.
   *
   * @param snmpRoot object identifier of WG-GATEWAY-MIB
   */
  record Doors(
      String snmpRoot,
      List<Prefix> v2cSources,
      Optional<InetSocketAddress> metrics,
      Optional<InetSocketAddress> syslog,
      boolean log) {
    static Doors of(Settings settings) {
      return new Doors(
          settings.snmpRoot(),
          settings.snmpV2cSources(),
          settings.metricsAddress(),
          settings.eventsSyslog(),
          settings.eventsLog());
    }
  }

  /**
   * Shows doors.
   *
   * @param heldBack how many notifications the limit held back
   */
  MonitoringControl(SnmpDoor snmp, Doors doors, LongSupplier heldBack) {
    this.snmp = snmp;
    this.doors = doors;
    this.heldBack = heldBack;
  }

  @Override
  public MonitoringStatus status() {
    return new MonitoringStatus(
        doors.snmpRoot,
        doors.snmpRoot.equals(SnmpOptions.DEFAULT_ROOT),
        snmp.trouble(),
        snmp.agent().map(SnmpAgent::engineId).orElse(""),
        doors.v2cSources.stream().map(Prefix::toString).toList(),
        snmp.agent().map(SnmpAgent::refusals).orElse(List.of()),
        heldBack.getAsLong(),
        text(doors.metrics),
        text(doors.syslog),
        doors.log,
        StationFiles.NAMES);
  }

  @Override
  public StationFile file(String name) throws ControlException {
    if (!StationFiles.NAMES.contains(name)) {
      throw noSuchFile("there is no file of that name");
    }
    try {
      return new StationFile(name, StationFiles.text(name, doors.snmpRoot));
    } catch (IOException e) {
      throw noSuchFile(String.valueOf(e.getMessage()));
    }
  }

  private static String text(Optional<InetSocketAddress> address) {
    return address
        .map(at -> new EndpointAddress(IpLiteral.format(at.getAddress()), at.getPort()).toString())
        .orElse("");
  }

  private static ControlException noSuchFile(String why) {
    return new ControlException(
        ControlException.REFUSED,
        why,
        List.of(
            new FindingStatus(
                "NO-SUCH-FILE",
                Finding.Severity.ERROR.name(),
                "",
                0,
                "",
                why,
                "Choose one that the monitoring status names.")));
  }
}
