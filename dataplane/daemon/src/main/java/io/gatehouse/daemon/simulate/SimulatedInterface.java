// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import io.gatehouse.daemon.datapath.Tunnel;
import io.gatehouse.daemon.datapath.TunnelOptions;
import io.gatehouse.daemon.tunnels.EngineInterface;
import io.gatehouse.daemon.tunnels.TunnelAttachment;
import io.gatehouse.daemon.tunnels.TunnelRoute;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.linux.TunFarEnd;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Prefix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An interface in memory. The tunnel reads and writes one end of its device; at the other one a
 * thread takes what comes out and hands it to the network. Thread-safe.
 */
final class SimulatedInterface extends EngineInterface {
  private static final int LONGEST = 65535;
  private static final int USUAL_MTU = 1500;

  /** The end of the device wakes the thread at once; this is only in case it does not. */
  private static final long PATIENCE = 500_000_000;

  private final SimulatedNetwork network;
  private final SimulatedLink link;
  private final TunFarEnd farEnd;
  private final Thread thread;
  private final Set<Prefix> addresses = ConcurrentHashMap.newKeySet();
  private final Set<TunnelRoute> routes = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private SimulatedInterface(
      SimulatedNetwork network, SimulatedLink link, TunFarEnd farEnd, Tunnel tunnel) {
    super(tunnel);
    this.network = network;
    this.link = link;
    this.farEnd = farEnd;
    thread =
        Thread.ofPlatform().daemon().name(link.state().name() + "-machine").unstarted(this::carry);
  }

  /** Makes one with a tunnel behind it and what comes with that, down and bare. */
  static SimulatedInterface start(
      SimulatedNetwork network,
      InterfaceName name,
      int ifIndex,
      TunnelOptions datapath,
      TunnelAttachment attachment)
      throws IOException {
    TunFarEnd farEnd = TunFarEnd.open(TunDevice.Offloads.NONE);
    SimulatedInterface made;
    try {
      SimulatedLink link = SimulatedLink.open(ifIndex, name.value(), USUAL_MTU);
      Tunnel tunnel = Tunnel.start(List.of(farEnd.device()), link, datapath);
      made = new SimulatedInterface(network, link, farEnd, tunnel);
    } catch (IOException | RuntimeException e) {
      farEnd.close();
      throw e;
    }
    made.thread.start();
    try {
      made.attach(attachment);
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
    return made;
  }

  private void carry() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment packet = arena.allocate(LONGEST);
      while (!closed) {
        int length = farEnd.take(packet, 0, LONGEST);
        if (length > 0) {
          network.carry(packet, length);
        } else {
          farEnd.await(PATIENCE);
        }
      }
    }
  }

  /** Hands a packet to the tunnel; one that finds no room is lost. */
  synchronized void give(MemorySegment packet, int length) {
    if (!closed && link.wanted().up()) {
      int _ = farEnd.give(packet, 0, length);
    }
  }

  String name() {
    return link.wanted().name();
  }

  /** What leads to it: the networks of its addresses in main, and its routes. */
  List<TunnelRoute> waysToIt() {
    Set<TunnelRoute> ways = new LinkedHashSet<>(routes);
    addresses.forEach(prefix -> ways.add(new TunnelRoute(prefix.masked(), TunnelRoute.MAIN)));
    return List.copyOf(ways);
  }

  @Override
  public Optional<String> nameHere() {
    return Optional.of(name());
  }

  @Override
  public Set<Prefix> presentAddresses() {
    return Set.copyOf(addresses);
  }

  @Override
  public Set<TunnelRoute> present(Collection<TunnelRoute> wanted) {
    Set<TunnelRoute> present = new LinkedHashSet<>(wanted);
    present.retainAll(routes);
    return present;
  }

  @Override
  public int mtu() {
    return link.wanted().mtu();
  }

  @Override
  public boolean isLinkUp() {
    return link.wanted().up();
  }

  @Override
  public void addAddress(Prefix address) {
    addresses.add(address);
  }

  @Override
  public void removeAddress(Prefix address) {
    addresses.remove(address);
    if (addresses.stream().allMatch(Prefix::isIpv6)) {
      // As the kernel does it: without an IPv4 address, its routes go too.
      routes.removeIf(route -> !route.destination().isIpv6());
    }
  }

  @Override
  public void addRoute(TunnelRoute route) {
    routes.add(route);
  }

  @Override
  public void removeRoute(TunnelRoute route) {
    routes.remove(route);
  }

  @Override
  public void setMtu(int mtu) {
    link.mtu(mtu);
  }

  @Override
  public void setLinkUp() {
    link.up();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    network.gone(this);
    super.close();
    try {
      thread.join();
      farEnd.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
