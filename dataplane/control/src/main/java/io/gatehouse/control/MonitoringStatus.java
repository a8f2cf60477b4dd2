// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code monitoring}: by which doors stations can watch the gateway, beside {@link
 * SnmpUsers} and {@link SnmpTargets}.
 *
 * @param snmpRoot object identifier below which WG-GATEWAY-MIB is served
 * @param provisional whether that is the one for private testing, and no site's own
 * @param snmpTrouble why there is no SNMP agent; empty when there is one
 * @param engineId the agent's snmpEngineID in hexadecimal digits; empty when there is no agent
 * @param v2cSources who may ask by SNMPv2c, as {@code address/length}
 * @param refusals what the agent refused since it started, each kind once
 * @param heldBack notifications that the limit on their rate held back since the start
 * @param metricsAddress where the data plane serves metrics, {@code address:port}; empty for
 *     nowhere
 * @param syslogAddress where events go as syslog messages, {@code address:port}; empty for nowhere
 * @param eventsInLog whether events are lines of the log
 * @param files names for {@code monitoring.file}: the MIB, and what stations import
 */
public record MonitoringStatus(
    String snmpRoot,
    boolean provisional,
    String snmpTrouble,
    String engineId,
    List<String> v2cSources,
    List<SnmpRefusal> refusals,
    long heldBack,
    String metricsAddress,
    String syslogAddress,
    boolean eventsInLog,
    List<String> files) {
  /** Copies the lists. */
  public MonitoringStatus {
    v2cSources = List.copyOf(v2cSources);
    refusals = List.copyOf(refusals);
    files = List.copyOf(files);
  }
}
