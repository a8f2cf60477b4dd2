// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import io.gatehouse.daemon.tunnels.TunnelRoute;
import io.gatehouse.linux.Errno;
import io.gatehouse.linux.Link;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.MatchedRoute;
import io.gatehouse.linux.PolicyRule;
import io.gatehouse.linux.Routing;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Where the machine in memory sends packets: through a tunnel, or out by {@code eth0}. */
record SimulatedRouting(SimulatedNetwork network) implements Routing {
  private static final int LOCAL_TABLE = 255;
  private static final int UP = 1;
  private static final int OUTER_MTU = 1500;
  private static final int LOOPBACK_MTU = 65536;
  private static final InetAddress GATEWAY = IpLiteral.parse("192.0.2.1");
  private static final Prefix ANYWHERE = Prefix.parse("0.0.0.0/0");

  @Override
  public Optional<Link> linkByIndex(int ifIndex) {
    return switch (ifIndex) {
      case SimulatedNetwork.LOOPBACK -> Optional.of(link(ifIndex, "lo", LOOPBACK_MTU));
      case SimulatedNetwork.OUTER -> Optional.of(link(ifIndex, "eth0", OUTER_MTU));
      default -> network.byIndex(ifIndex).map(at -> link(ifIndex, at.name(), at.mtu()));
    };
  }

  private static Link link(int ifIndex, String name, int mtu) {
    return new Link(ifIndex, name, mtu, UP, "");
  }

  @Override
  public List<PolicyRule> listRules(boolean ipv6) {
    return network.rules(ipv6);
  }

  @Override
  public MatchedRoute matchRoute(
      InetAddress destination, Optional<InetAddress> source, int arrivingBy, int mark)
      throws LinuxException {
    if (destination.isLoopbackAddress() || network.isOwn(destination)) {
      return new MatchedRoute(
          new Prefix(destination, 8 * destination.getAddress().length),
          Optional.empty(),
          SimulatedNetwork.LOOPBACK,
          LOCAL_TABLE,
          true);
    }
    // Marked are the tunnels' own packets, which the rules keep out of their tables.
    Optional<SimulatedNetwork.Way> way =
        network.way(destination).filter(w -> mark == 0 || w.route().table() == TunnelRoute.MAIN);
    if (way.isPresent()) {
      return new MatchedRoute(
          way.get().route().destination(),
          Optional.empty(),
          way.get().at().ifIndex(),
          way.get().route().table(),
          false);
    }
    if (destination.getAddress().length > 4) {
      throw new LinuxException(Errno.ENETUNREACH, "no route", "");
    }
    return new MatchedRoute(
        ANYWHERE, Optional.of(GATEWAY), SimulatedNetwork.OUTER, TunnelRoute.MAIN, false);
  }

  @Override
  public void close() {
    // There is nothing open.
  }
}
