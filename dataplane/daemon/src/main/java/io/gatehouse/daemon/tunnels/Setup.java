// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.tunnels.Plan.OutsideChange;
import io.gatehouse.linux.Errno;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.NameServers;
import io.gatehouse.linux.PolicyRule;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.TunnelConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a tunnel has on the machine besides its device, all of it from wg-quick(8): addresses,
 * routes, and for default routes with {@code Table = auto} the policy routing, which sends every
 * packet without the tunnel's mark into a table of its own, where the default route is.
 *
 * @param fwMark of the tunnel's own packets, 0 for none; with policy routing the table's number,
 *     too
 * @param addresses of the interface, in file order
 * @param routes most specific first
 * @param outside what is outside of the interface, in the order in which it is set
 */
record Setup(int fwMark, List<Prefix> addresses, List<TunnelRoute> routes, List<Outside> outside) {
  /** That of an interface that was just made. */
  static final Setup NONE = new Setup(0, List.of(), List.of(), List.of());

  private static final Logger LOG = System.getLogger(Setup.class.getName());

  /** Where wg-quick(8) begins to look for a free table. */
  private static final int FIRST_TABLE = 51820;

  Setup {
    addresses = List.copyOf(addresses);
    routes = List.copyOf(routes);
    outside = List.copyOf(outside);
  }

  /**
   * What a file asks for.
   *
   * @param name of the tunnel
   * @param before what is there: its table and its rules stay, as far as they are still wanted
   * @throws LinuxException if the machine cannot be asked what is free, or the file's name servers
   *     are none
   */
  static Setup of(InterfaceName name, TunnelConfig wanted, Setup before, Machine machine)
      throws LinuxException {
    List<Boolean> families = TunnelRoute.defaultsInAuto(wanted);
    int mark = wanted.fwMark().orElse(0);
    if (mark == 0 && !families.isEmpty()) {
      mark = before.policyRouting() ? before.fwMark : freeTable(machine);
    }
    List<Outside> outside = new ArrayList<>();
    // Nothing may be reached before it is said what may be.
    Gateway.table(wanted).ifPresent(table -> outside.add(new Outside.Gateway(table)));
    for (boolean ipv6 : Gateway.families(wanted)) {
      for (Outside.Incoming by : Gateway.forwarding(wanted, ipv6)) {
        Optional<Outside> there = before.at(Outside.Forwards.slot(ipv6, by));
        there.ifPresent(outside::add);
        if (there.isEmpty()) {
          machine.forwards(name, ipv6, by).ifPresent(outside::add);
        }
      }
    }
    NameServers dns = dns(wanted);
    if (!dns.isEmpty() && machine.managesNameServers()) {
      outside.add(new Outside.Dns(dns));
    }
    for (boolean ipv6 : families) {
      int table = mark;
      List<InetAddress> guarded =
          wanted.addresses().stream()
              .filter(prefix -> prefix.isIpv6() == ipv6)
              .map(Prefix::address)
              .distinct()
              .toList();
      outside.addAll(before.rules(ipv6, table).orElseGet(List::of));
      if (before.rules(ipv6, table).isEmpty()) {
        // As the kernel would choose them, one after the other: each before all but its first.
        int next = machine.firstRulePriority(ipv6);
        outside.add(new Outside.Rule(PolicyRule.unlessMarked(ipv6, next - 1, table, table)));
        outside.add(new Outside.Rule(PolicyRule.mainWithoutDefault(ipv6, next - 2)));
      }
      outside.add(new Outside.Guard(ipv6, table, guarded));
    }
    return new Setup(mark, wanted.addresses(), TunnelRoute.of(wanted, mark), outside);
  }

  /** Whether the file names servers that this setup does not set. */
  boolean lacksNameServers(TunnelConfig config) {
    try {
      return !dns(config).isEmpty() && outside.stream().noneMatch(Outside.Dns.class::isInstance);
    } catch (LinuxException e) {
      return true;
    }
  }

  /** Whether answers to marked packets must be looked for by the mark (src_valid_mark). */
  boolean marksIpv4() {
    return outside.stream().anyMatch(o -> o instanceof Outside.Guard guard && !guard.ipv6());
  }

  /** The same without routes, which a link that is down cannot have. */
  Setup withoutRoutes() {
    return new Setup(fwMark, addresses, List.of(), outside);
  }

  /** The same with one thing outside of the interface, in place of what has the same slot. */
  Setup with(Outside thing) {
    List<Outside> others = new ArrayList<>(outside);
    others.removeIf(other -> other.slot().equals(thing.slot()));
    others.addFirst(thing);
    return new Setup(fwMark, addresses, routes, others);
  }

  // ---- what it really is when a step back has failed

  Setup with(Prefix address) {
    return new Setup(fwMark, plus(addresses, address), routes, outside);
  }

  Setup with(TunnelRoute route) {
    return new Setup(fwMark, addresses, plus(routes, route), outside);
  }

  Setup with(OutsideChange change) {
    List<Outside> things = new ArrayList<>(outside);
    change.before().ifPresent(things::remove);
    change.after().ifPresent(things::add);
    return new Setup(fwMark, addresses, routes, things);
  }

  private static <T> List<T> plus(List<T> list, T item) {
    List<T> more = new ArrayList<>(list);
    more.remove(item);
    more.add(item);
    return more;
  }

  private Optional<Outside> at(Object slot) {
    return outside.stream().filter(thing -> thing.slot().equals(slot)).findFirst();
  }

  private boolean policyRouting() {
    return outside.stream().anyMatch(Outside.Guard.class::isInstance);
  }

  /** Both rules of a family for a table, if they are there. */
  private Optional<List<Outside>> rules(boolean ipv6, int table) {
    for (int i = 0; i + 1 < outside.size(); i++) {
      if (outside.get(i) instanceof Outside.Rule(PolicyRule rule)
          && rule.ipv6() == ipv6
          && rule.inverted()
          && rule.table() == table
          && outside.get(i + 1) instanceof Outside.Rule(PolicyRule second)
          && second.ipv6() == ipv6
          && !second.inverted()) {
        return Optional.of(outside.subList(i, i + 2));
      }
    }
    return Optional.empty();
  }

  private static int freeTable(Machine machine) throws LinuxException {
    var used = machine.tablesInUse();
    int table = FIRST_TABLE;
    while (used.contains(table)) {
      table++;
    }
    return table;
  }

  private static NameServers dns(TunnelConfig config) throws LinuxException {
    try {
      return NameServers.of(config.dns());
    } catch (IllegalArgumentException e) {
      throw new LinuxException(
          Errno.EINVAL, "cannot set the name servers", String.valueOf(e.getMessage()));
    }
  }

  /**
   * Takes the interface away and what is outside of it; what resists is said and stays noted. What
   * keeps peers from reaching too much goes when they can reach nothing any more.
   *
   * @param close takes the interface away
   */
  void takeAway(InterfaceName name, Network network, Runnable close) {
    List<Outside> stuck = new ArrayList<>();
    List<Outside> lastFirst = new ArrayList<>(outside.reversed());
    // What is forwarded of one interface is only known when not all is.
    lastFirst.sort(Comparator.comparing(thing -> !isForwardingOfAll(thing)));
    for (Outside thing : lastFirst) {
      if (!(thing instanceof Outside.Gateway)) {
        remove(name, network, thing, stuck);
      }
    }
    close.run();
    for (Outside thing : outside) {
      if (thing instanceof Outside.Gateway) {
        remove(name, network, thing, stuck);
      }
    }
    // Even if nothing was there: after a failure more may be noted than there was.
    note(name, network, stuck);
  }

  /** Notes what is set outside of the interface, where more was noted before. */
  void note(InterfaceName name, Network network) {
    note(name, network, outside);
  }

  private static void note(InterfaceName name, Network network, List<Outside> things) {
    try {
      network.note(name, things);
    } catch (LinuxException e) {
      // What is noted too much does no harm.
      LOG.log(Level.WARNING, name + ": " + e.getMessage());
    }
  }

  private static boolean isForwardingOfAll(Outside thing) {
    return thing instanceof Outside.Forwards forwards
        && forwards.by() instanceof Outside.Incoming.Any;
  }

  private static void remove(
      InterfaceName name, Network network, Outside thing, List<Outside> stuck) {
    try {
      network.remove(name, thing);
    } catch (LinuxException e) {
      LOG.log(Level.WARNING, name + ": something is left behind, " + e.getMessage());
      stuck.add(thing);
    }
  }
}
