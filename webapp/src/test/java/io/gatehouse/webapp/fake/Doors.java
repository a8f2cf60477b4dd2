// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.fake;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.MonitoringStatus;
import io.gatehouse.control.SnmpRefusal;
import io.gatehouse.control.SnmpTarget;
import io.gatehouse.control.SnmpTargets;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.control.SnmpUserRemoval;
import io.gatehouse.control.SnmpUsers;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Made-up doors for stations: users that come and go, and everything else as it is. */
final class Doors {
  static final MonitoringStatus STATUS =
      new MonitoringStatus(
          "1.3.6.1.4.1.8072.9999.9999.5182",
          true,
          "",
          "8000137005a1b2c3d4e5f60718293a4b5c",
          List.of("192.0.2.0/28"),
          List.of(
              new SnmpRefusal(SnmpRefusal.Kind.UNKNOWN_USER, 12),
              new SnmpRefusal(SnmpRefusal.Kind.WRONG_DIGEST, 3),
              new SnmpRefusal(SnmpRefusal.Kind.BAD_COMMUNITY, 0)),
          4,
          "127.0.0.1:9586",
          "",
          true,
          List.of("WG-GATEWAY-MIB.txt", "grafana-dashboard.json", "prometheus-rules.yml"));

  static final SnmpTargets TARGETS =
      new SnmpTargets(
          List.of(
              new SnmpTarget("198.51.100.20:162", "monitor", false),
              new SnmpTarget("[2001:db8::162]:162", "station", true)),
          Optional.of(1));

  private final TreeSet<String> names = new TreeSet<>(List.of("monitor", "noc"));

  synchronized SnmpUsers users() {
    return new SnmpUsers(List.copyOf(names), "127.0.0.1:1161", Optional.of(List.of("monitor")));
  }

  synchronized SnmpUsers add(SnmpUserAddition addition) throws ControlException {
    if (addition.authPassphrase().reveal().length < 12) {
      throw new ControlException(
          ControlException.REFUSED,
          "the authentication passphrase is shorter than 12 characters",
          List.of(
              new FindingStatus(
                  "SNMP-USER",
                  "ERROR",
                  "",
                  0,
                  "",
                  "the passphrase is too short",
                  "Give another.")));
    }
    names.add(addition.name());
    return users();
  }

  synchronized SnmpUsers remove(SnmpUserRemoval removal) {
    names.remove(removal.name());
    return users();
  }
}
