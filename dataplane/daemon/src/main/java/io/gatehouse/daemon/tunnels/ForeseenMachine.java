// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.linux.LinuxException;
import io.gatehouse.wgquick.InterfaceName;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The machine as it will be when the tunnels that were planned so far have what they are to have:
 * of two tunnels with a default route, the second must not plan with the table of the first.
 */
final class ForeseenMachine implements Machine {
  private final Machine now;
  private final Set<Integer> freed = new HashSet<>();
  private final Set<Integer> taken = new HashSet<>();
  private int firstIpv4 = Integer.MAX_VALUE;
  private int firstIpv6 = Integer.MAX_VALUE;

  ForeseenMachine(Machine now) {
    this.now = now;
  }

  /** A tunnel goes from one setup to another. */
  void changes(Setup before, Setup after) {
    before.routes().forEach(route -> freed.add(route.table()));
    after.routes().forEach(route -> taken.add(route.table()));
    for (Outside thing : after.outside()) {
      if (thing instanceof Outside.Rule(var rule)) {
        if (rule.ipv6()) {
          firstIpv6 = Math.min(firstIpv6, rule.priority());
        } else {
          firstIpv4 = Math.min(firstIpv4, rule.priority());
        }
      }
    }
  }

  @Override
  public Set<Integer> tablesInUse() throws LinuxException {
    Set<Integer> tables = new HashSet<>(now.tablesInUse());
    tables.removeAll(freed);
    tables.addAll(taken);
    return tables;
  }

  @Override
  public int firstRulePriority(boolean ipv6) throws LinuxException {
    return Math.min(now.firstRulePriority(ipv6), ipv6 ? firstIpv6 : firstIpv4);
  }

  @Override
  public boolean managesNameServers() {
    return now.managesNameServers();
  }

  @Override
  public Optional<Outside.Forwards> forwards(
      InterfaceName tunnel, boolean ipv6, Outside.Incoming by) throws LinuxException {
    return now.forwards(tunnel, ipv6, by);
  }
}
