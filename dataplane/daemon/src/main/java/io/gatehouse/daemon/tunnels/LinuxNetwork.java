// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.datapath.Tunnel;
import io.gatehouse.daemon.datapath.TunnelOptions;
import io.gatehouse.daemon.tunnels.Outside.Incoming;
import io.gatehouse.linux.Errno;
import io.gatehouse.linux.GatewayTable;
import io.gatehouse.linux.HostDns;
import io.gatehouse.linux.Link;
import io.gatehouse.linux.LinkAddress;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.NameServers;
import io.gatehouse.linux.PolicyRule;
import io.gatehouse.linux.Route;
import io.gatehouse.linux.RouteLookup;
import io.gatehouse.linux.RoutingGuard;
import io.gatehouse.linux.Rtnetlink;
import io.gatehouse.linux.Sysctl;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Prefix;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** The machine's own network, in the namespace of the process. Thread-safe. */
final class LinuxNetwork implements Network {
  private static final Logger LOG = System.getLogger(LinuxNetwork.class.getName());

  /** RT_SCOPE_LINK of rtnetlink(7). */
  private static final int SCOPE_LINK = 253;

  private static final String NO_MANAGER = "neither resolvconf nor systemd-resolved is there";

  private final Rtnetlink netlink;
  private final TunDevice.Offloads offloads;
  private final TunnelOptions options;
  private final TunnelAttachment attachment;
  private final Leftovers leftovers;
  private final SharedForwarding forwarding;

  LinuxNetwork(
      Rtnetlink netlink,
      TunDevice.Offloads offloads,
      TunnelOptions options,
      TunnelAttachment attachment,
      Leftovers leftovers) {
    this.leftovers = leftovers;
    this.forwarding = new SharedForwarding(leftovers);
    this.netlink = netlink;
    this.offloads = offloads;
    this.options = options;
    this.attachment = attachment;
  }

  @Override
  public boolean isSimulated() {
    return false;
  }

  @Override
  public boolean hasInterface(InterfaceName name) throws LinuxException {
    return netlink.linkByName(name.value()).isPresent();
  }

  @Override
  public TunnelInterface make(InterfaceName name) throws IOException {
    Tunnel tunnel =
        Tunnel.start(TunDevice.openQueues(name.value(), offloads, options.queues()), options);
    try {
      LinuxInterface made = new LinuxInterface(tunnel);
      made.attach(attachment);
      return made;
    } catch (IOException | RuntimeException e) {
      tunnel.close();
      throw e;
    }
  }

  @Override
  public OptionalInt pathMtu(InetAddress toward, int fwMark, int notBy) {
    try {
      RouteLookup way = netlink.lookupRoute(toward, fwMark);
      return way.ifIndex() == notBy || way.mtu() <= 0
          ? OptionalInt.empty()
          : OptionalInt.of(way.mtu());
    } catch (LinuxException e) {
      // No way there now; there may be one later.
      return OptionalInt.empty();
    }
  }

  @Override
  public Set<Integer> tablesInUse() throws LinuxException {
    return netlink.tablesInUse();
  }

  @Override
  public int firstRulePriority(boolean ipv6) throws LinuxException {
    return PolicyRule.firstPriority(netlink.listRules(ipv6));
  }

  @Override
  public boolean managesNameServers() {
    return HostDns.find().isPresent();
  }

  @Override
  public boolean marksCountForSources() throws LinuxException {
    return Sysctl.SRC_VALID_MARK.read().equals("1");
  }

  @Override
  public void countMarksForSources(boolean count) throws LinuxException {
    Sysctl.SRC_VALID_MARK.write(count ? "1" : "0");
  }

  @Override
  public Optional<Outside.Forwards> forwards(InterfaceName tunnel, boolean ipv6, Incoming by)
      throws LinuxException {
    return forwarding.needed(tunnel, ipv6, by);
  }

  @Override
  public void note(InterfaceName name, Collection<Outside> outside) throws LinuxException {
    try {
      leftovers.note(name, outside);
    } catch (IOException e) {
      throw new LinuxException(
          Errno.EIO, "cannot write down what " + name + " sets on this machine", e.toString());
    }
  }

  @Override
  public void put(InterfaceName name, Outside thing) throws LinuxException {
    switch (thing) {
      case Outside.Rule(PolicyRule rule) -> netlink.addRule(rule);
      case Outside.Guard guard ->
          new RoutingGuard(guard.ipv6(), name, guard.mark(), guarded(name, guard)).set();
      case Outside.Gateway(GatewayTable table) -> table.set(name);
      case Outside.Forwards forwards -> forwarding.on(name, forwards);
      case Outside.Dns(NameServers servers) -> {
        HostDns manager =
            HostDns.find()
                .orElseThrow(
                    () -> new LinuxException(Errno.ENOENT, "cannot set name servers", NO_MANAGER));
        manager.set(name, servers);
      }
    }
  }

  @Override
  public void remove(InterfaceName name, Outside thing) throws LinuxException {
    switch (thing) {
      case Outside.Rule(PolicyRule rule) -> netlink.removeRule(rule);
      case Outside.Guard guard -> RoutingGuard.remove(guard.ipv6(), name);
      case Outside.Gateway _ -> GatewayTable.remove(name);
      case Outside.Forwards forwards -> forwarding.off(name, forwards);
      case Outside.Dns _ -> {
        Optional<HostDns> manager = HostDns.find();
        if (manager.isPresent()) {
          manager.get().unset(name);
        }
      }
    }
  }

  @Override
  public boolean has(Outside thing) throws LinuxException {
    return !(thing instanceof Outside.Rule(PolicyRule rule))
        || netlink.listRules(rule.ipv6()).contains(rule);
  }

  @Override
  public AutoCloseable watch(Consumer<Changes> listener) throws LinuxException {
    return KernelWatch.start(listener);
  }

  /** Takes away what tunnels of an earlier run have left. */
  void sweep() throws IOException {
    leftovers.names().forEach(this::sweep);
  }

  @Override
  public void sweep(InterfaceName name) {
    try {
      List<Outside> left = leftovers.of(name);
      if (!hasInterface(name)) {
        // What resists once more stays noted.
        new Setup(0, List.of(), List.of(), left).takeAway(name, this, () -> {});
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, name + ": what an earlier run left could not be taken away: " + e);
    }
  }

  @Override
  public void close() {
    netlink.close();
  }

  /** Those of the file, and what the kernel gave the interface by itself. */
  private List<InetAddress> guarded(InterfaceName name, Outside.Guard guard) throws LinuxException {
    Set<InetAddress> all = new LinkedHashSet<>(guard.addresses());
    Optional<Link> link = netlink.linkByName(name.value());
    if (link.isPresent()) {
      netlink.listAddresses(link.get().index()).stream()
          .filter(address -> address.scope() == SCOPE_LINK)
          .map(LinkAddress::prefix)
          .filter(prefix -> prefix.isIpv6() == guard.ipv6())
          .forEach(prefix -> all.add(prefix.address()));
    }
    return List.copyOf(all);
  }

  private final class LinuxInterface extends EngineInterface {
    LinuxInterface(Tunnel tunnel) {
      super(tunnel);
    }

    @Override
    public Optional<String> nameHere() throws LinuxException {
      return netlink
          .linkByIndex(ifIndex())
          .map(Link::name)
          .filter(here -> here.equals(tunnel.name()));
    }

    @Override
    public Set<Prefix> presentAddresses() throws LinuxException {
      Set<Prefix> present = new LinkedHashSet<>();
      netlink.listAddresses(ifIndex()).forEach(address -> present.add(address.prefix()));
      return present;
    }

    @Override
    public Set<TunnelRoute> present(Collection<TunnelRoute> routes) throws LinuxException {
      Set<TunnelRoute> present = new LinkedHashSet<>();
      Set<Integer> tables = new LinkedHashSet<>();
      routes.forEach(route -> tables.add(route.table()));
      for (int table : tables) {
        netlink
            .listRoutes(ifIndex(), table, true)
            .forEach(route -> present.add(new TunnelRoute(route.destination(), table)));
      }
      present.retainAll(routes);
      return present;
    }

    @Override
    public int mtu() throws LinuxException {
      return link().mtu();
    }

    @Override
    public boolean isLinkUp() throws LinuxException {
      return link().up();
    }

    @Override
    public void addAddress(Prefix address) throws LinuxException {
      netlink.addAddress(ifIndex(), address);
    }

    @Override
    public void removeAddress(Prefix address) throws LinuxException {
      netlink.removeAddress(ifIndex(), address);
    }

    @Override
    public void addRoute(TunnelRoute route) throws LinuxException {
      netlink.addRoute(of(route));
    }

    @Override
    public void removeRoute(TunnelRoute route) throws LinuxException {
      netlink.removeRoute(of(route));
    }

    @Override
    public void setMtu(int mtu) throws LinuxException {
      netlink.setMtu(ifIndex(), mtu);
    }

    @Override
    public void setLinkUp() throws LinuxException {
      netlink.setUp(ifIndex());
    }

    private Route of(TunnelRoute route) {
      return new Route(route.destination(), ifIndex(), route.table(), 0);
    }

    private Link link() throws LinuxException {
      return netlink
          .linkByIndex(ifIndex())
          .orElseThrow(
              () -> new LinuxException(Errno.ENODEV, "cannot find the tunnel's interface", ""));
    }
  }
}
