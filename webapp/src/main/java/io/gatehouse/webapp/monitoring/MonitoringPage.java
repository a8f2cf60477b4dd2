// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.monitoring;

import io.gatehouse.control.MonitoringStatus;
import io.gatehouse.control.SnmpRefusal;
import io.gatehouse.control.SnmpTarget;
import io.gatehouse.control.SnmpTargets;
import io.gatehouse.control.SnmpUsers;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.live.Live;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** By which doors stations watch the gateway. */
@Named
@RequestScoped
public class MonitoringPage {
  /**
   * An SNMP user.
   *
   * @param fixed whether the settings name it, so that it is changed there
   */
  public record User(String name, boolean fixed) {}

  /**
   * Where notifications go.
   *
   * @param fixed whether the settings name it, so that it is changed there
   */
  public record Target(SnmpTarget target, boolean fixed) {}

  @Inject private Gateway gateway;
  @Inject private Live live;
  private @Nullable Answer<MonitoringStatus> doors;
  private @Nullable Answer<SnmpUsers> users;
  private @Nullable Answer<SnmpTargets> targets;

  /** What was asked so far is not so any more. */
  public void forget() {
    doors = null;
    users = null;
    targets = null;
  }

  private Answer<MonitoringStatus> doors() {
    Answer<MonitoringStatus> known = doors;
    if (known == null) {
      known = Answer.of(gateway, live.texts(), dataPlane -> dataPlane.monitoring());
      doors = known;
    }
    return known;
  }

  private Answer<SnmpUsers> users() {
    Answer<SnmpUsers> known = users;
    if (known == null) {
      known = Answer.of(gateway, live.texts(), dataPlane -> dataPlane.snmpUsers());
      users = known;
    }
    return known;
  }

  private Answer<SnmpTargets> targets() {
    Answer<SnmpTargets> known = targets;
    if (known == null) {
      known = Answer.of(gateway, live.texts(), dataPlane -> dataPlane.snmpTargets());
      targets = known;
    }
    return known;
  }

  /** The doors; null when the data plane does not say. */
  public @Nullable MonitoringStatus getDoors() {
    return doors().value().orElse(null);
  }

  /** Why the doors cannot be shown; else empty. */
  public String getRefusal() {
    return doors().refusal();
  }

  /** Why there is no SNMP agent; empty when there is one. */
  public String getSnmpTrouble() {
    return doors().value().map(MonitoringStatus::snmpTrouble).orElse("");
  }

  /** Where the agent listens; empty while it is off. */
  public String getAddress() {
    return users().value().map(SnmpUsers::address).orElse("");
  }

  /** Who may ask by SNMP. */
  public List<User> getUsers() {
    return users()
        .value()
        .map(
            known ->
                known.names().stream()
                    .map(
                        name ->
                            new User(name, known.fromSettings().orElse(List.of()).contains(name)))
                    .toList())
        .orElse(List.of());
  }

  /** Where notifications go. */
  public List<Target> getTargets() {
    return targets()
        .value()
        .map(
            known ->
                IntStream.range(0, known.targets().size())
                    .mapToObj(
                        i -> new Target(known.targets().get(i), i < known.fromSettings().orElse(0)))
                    .toList())
        .orElse(List.of());
  }

  /** Who may ask in clear, by SNMPv2c; empty for nobody. */
  public String getInClear() {
    return doors().value().map(known -> String.join(", ", known.v2cSources())).orElse("");
  }

  /** What the agent refused, without what it never did. */
  public List<SnmpRefusal> getRefusals() {
    return doors()
        .value()
        .map(known -> known.refusals().stream().filter(refusal -> refusal.count() > 0).toList())
        .orElse(List.of());
  }
}
