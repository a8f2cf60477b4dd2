// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import io.gatehouse.daemon.datapath.TunnelOptions;
import io.gatehouse.daemon.tunnels.Network;
import io.gatehouse.daemon.tunnels.Outside;
import io.gatehouse.daemon.tunnels.TunnelAttachment;
import io.gatehouse.daemon.tunnels.TunnelRoute;
import io.gatehouse.linux.PolicyRule;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Prefix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A machine's network in memory: it keeps what it is told, and forwards packets between its
 * interfaces. Nobody else changes anything on it. Behind it lies all the world, which answers
 * whatever is asked of it ({@link InnerPacket}). Thread-safe.
 *
 * <p>Not played are packet filters and masquerade: they are kept, and nothing is held up by them.
 */
final class SimulatedNetwork implements Network {
  /** Numbers of interfaces that are not tunnels. */
  static final int LOOPBACK = 1;

  static final int OUTER = 2;

  private static final int PATH_MTU = 1500;

  private final TunnelOptions datapath;
  private final TunnelAttachment attachment;
  private final List<SimulatedInterface> interfaces = new CopyOnWriteArrayList<>();
  private final Map<String, Outside> outside = new ConcurrentHashMap<>();
  private int lastIndex = OUTER;
  private volatile boolean marksCount;

  SimulatedNetwork(TunnelOptions datapath, TunnelAttachment attachment) {
    this.datapath = datapath;
    this.attachment = attachment;
  }

  // ---- packets

  /** What came out of a tunnel goes on to another one, or is answered here. */
  void carry(MemorySegment packet, int length) {
    Optional<Way> on =
        InnerPacket.destination(packet, length).filter(to -> !isOwn(to)).flatMap(this::way);
    if (on.isPresent()) {
      on.get().at().give(packet, length);
    } else {
      InnerPacket.answers(packet, length, this::goBack);
    }
  }

  private void goBack(MemorySegment answer) {
    int length = (int) answer.byteSize();
    InnerPacket.destination(answer, length)
        .flatMap(this::way)
        .ifPresent(way -> way.at().give(answer, length));
  }

  /**
   * How to reach an address.
   *
   * @param route by which
   * @param at interface
   */
  record Way(TunnelRoute route, SimulatedInterface at) {}

  /** The longest way through a tunnel. */
  Optional<Way> way(InetAddress to) {
    Prefix host = new Prefix(to, 8 * to.getAddress().length);
    return interfaces.stream()
        .flatMap(at -> at.waysToIt().stream().map(route -> new Way(route, at)))
        .filter(way -> way.route().destination().contains(host))
        .max(Comparator.comparingInt(way -> way.route().destination().length()));
  }

  /** Whether it is an address of the machine in a tunnel. */
  boolean isOwn(InetAddress address) {
    return interfaces.stream()
        .flatMap(at -> at.presentAddresses().stream())
        .anyMatch(own -> own.address().equals(address));
  }

  Optional<SimulatedInterface> byIndex(int ifIndex) {
    return interfaces.stream().filter(at -> at.ifIndex() == ifIndex).findFirst();
  }

  List<PolicyRule> rules(boolean ipv6) {
    return outside.values().stream()
        .filter(Outside.Rule.class::isInstance)
        .map(thing -> ((Outside.Rule) thing).rule())
        .filter(rule -> rule.ipv6() == ipv6)
        .sorted(Comparator.comparingInt(PolicyRule::priority))
        .toList();
  }

  void gone(SimulatedInterface closed) {
    interfaces.remove(closed);
  }

  // ---- what tunnels need of it

  @Override
  public boolean isSimulated() {
    return true;
  }

  @Override
  public boolean hasInterface(InterfaceName name) {
    return interfaces.stream().anyMatch(at -> at.name().equals(name.value()));
  }

  @Override
  public synchronized TunnelInterface make(InterfaceName name) throws IOException {
    SimulatedInterface made =
        SimulatedInterface.start(this, name, ++lastIndex, datapath, attachment);
    interfaces.add(made);
    return made;
  }

  @Override
  public OptionalInt pathMtu(InetAddress toward, int fwMark, int notBy) {
    return OptionalInt.of(PATH_MTU);
  }

  @Override
  public Set<Integer> tablesInUse() {
    Set<Integer> tables = new TreeSet<>(Set.of(TunnelRoute.MAIN));
    interfaces.forEach(at -> at.waysToIt().forEach(route -> tables.add(route.table())));
    return tables;
  }

  @Override
  public int firstRulePriority(boolean ipv6) {
    return PolicyRule.firstPriority(rules(ipv6));
  }

  @Override
  public boolean managesNameServers() {
    return true;
  }

  @Override
  public boolean marksCountForSources() {
    return marksCount;
  }

  @Override
  public void countMarksForSources(boolean count) {
    marksCount = count;
  }

  @Override
  public Optional<Outside.Forwards> forwards(
      InterfaceName tunnel, boolean ipv6, Outside.Incoming by) {
    return Optional.empty();
  }

  @Override
  public void note(InterfaceName name, Collection<Outside> mayBeThere) {
    // Nothing outlives the process.
  }

  @Override
  public void put(InterfaceName name, Outside thing) {
    outside.put(name + " " + thing.slot(), thing);
  }

  @Override
  public void remove(InterfaceName name, Outside thing) {
    outside.remove(name + " " + thing.slot());
  }

  @Override
  public boolean has(Outside thing) {
    return !(thing instanceof Outside.Rule) || outside.containsValue(thing);
  }

  @Override
  public AutoCloseable watch(Consumer<Changes> listener) {
    return () -> {};
  }

  @Override
  public void sweep(InterfaceName name) {
    // Nothing is left.
  }

  @Override
  public void close() {
    // The tunnels have closed their interfaces.
  }
}
