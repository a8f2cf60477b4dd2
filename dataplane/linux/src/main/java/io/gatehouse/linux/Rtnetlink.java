// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static io.gatehouse.linux.NetlinkMessage.NLM_F_ACK;
import static io.gatehouse.linux.NetlinkMessage.NLM_F_CREATE;
import static io.gatehouse.linux.NetlinkMessage.NLM_F_DUMP;
import static io.gatehouse.linux.NetlinkMessage.NLM_F_EXCL;
import static io.gatehouse.linux.NetlinkMessage.NLM_F_REPLACE;

import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Links, addresses, routes and rules of one network namespace, by rtnetlink(7). What it sets looks
 * in {@code ip} as if wg-quick(8) had set it.
 *
 * <p>Thread-safe: one request at a time. Errors carry the kernel's own explanation where it gives
 * one.
 */
public final class Rtnetlink implements Routing {
  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  private static final int RTM_GETLINK = 18;
  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  private static final int RTM_GETADDR = 22;
  static final int RTM_NEWROUTE = 24;
  static final int RTM_DELROUTE = 25;
  private static final int RTM_GETROUTE = 26;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_IFALIAS = 20;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int RTA_DST = 1;
  private static final int RTA_SRC = 2;
  private static final int RTA_IIF = 3;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RTA_PRIORITY = 6;
  private static final int RTA_METRICS = 8;
  private static final int RTA_TABLE = 15;
  private static final int RTA_MARK = 16;
  private static final int RTAX_MTU = 2;
  private static final int RT_SCOPE_LINK = 253;
  private static final int RT_SCOPE_HOST = 254;
  private static final int RT_SCOPE_NOWHERE = 255;
  private static final int RTPROT_KERNEL = 2;
  private static final int RTPROT_BOOT = 3;
  private static final int RTN_UNICAST = 1;
  private static final int RTN_LOCAL = 2;
  private static final int RTM_F_LOOKUP_TABLE = 0x1000;
  private static final int RTM_F_FIB_MATCH = 0x2000;
  private static final int RTM_F_CLONED = 0x200;
  private static final int ESRCH = 3;

  private final NetlinkSocket socket;

  /**
   * For dumps of one interface: with hundreds of them, those of all each time would be quadratic.
   */
  private final NetlinkSocket filtering;

  private Rtnetlink(NetlinkSocket socket, NetlinkSocket filtering) {
    this.socket = socket;
    this.filtering = filtering;
  }

  /** For the calling thread's namespace. */
  public static Rtnetlink open() throws LinuxException {
    NetlinkSocket socket = NetlinkSocket.open(0);
    try {
      return new Rtnetlink(socket, NetlinkSocket.openFiltering());
    } catch (LinuxException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * For another namespace.
   *
   * @throws LinuxException EPERM without CAP_SYS_ADMIN
   */
  public static Rtnetlink open(NetworkNamespace namespace) throws LinuxException {
    return namespace.callLinux(Rtnetlink::open);
  }

  /** The interface of that name, if there is one. */
  public Optional<Link> linkByName(String name) throws LinuxException {
    return link(
        ifinfo(RTM_GETLINK, 0, 0, 0, 0).attribute(IFLA_IFNAME, name),
        "cannot read interface " + name);
  }

  @Override
  public Optional<Link> linkByIndex(int ifIndex) throws LinuxException {
    return link(ifinfo(RTM_GETLINK, 0, ifIndex, 0, 0), "cannot read interface " + ifIndex);
  }

  private synchronized Optional<Link> link(NetlinkMessage request, String attempt)
      throws LinuxException {
    try {
      return socket.ask(request, attempt).stream().findFirst().map(Link::read);
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENODEV) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** All interfaces. */
  public synchronized List<Link> links() throws LinuxException {
    return socket
        .dump(() -> ifinfo(RTM_GETLINK, NLM_F_DUMP, 0, 0, 0), "cannot list interfaces")
        .stream()
        .map(Link::read)
        .toList();
  }

  /** Sets the MTU in octets. */
  public void setMtu(int ifIndex, int mtu) throws LinuxException {
    execute(
        ifinfo(RTM_NEWLINK, NLM_F_ACK, ifIndex, 0, 0).attribute(IFLA_MTU, mtu),
        "cannot set MTU " + mtu + " on interface " + ifIndex);
  }

  /** Brings the interface up. */
  public void setUp(int ifIndex) throws LinuxException {
    execute(
        ifinfo(RTM_NEWLINK, NLM_F_ACK, ifIndex, Link.IFF_UP, Link.IFF_UP),
        "cannot bring up interface " + ifIndex);
  }

  /** Takes the interface down, which removes its routes and IPv6 addresses. */
  public void setDown(int ifIndex) throws LinuxException {
    execute(
        ifinfo(RTM_NEWLINK, NLM_F_ACK, ifIndex, 0, Link.IFF_UP),
        "cannot take down interface " + ifIndex);
  }

  /** Sets the free text that {@code ip link} and IF-MIB show; empty takes it away. */
  public void setAlias(int ifIndex, String alias) throws LinuxException {
    execute(
        ifinfo(RTM_NEWLINK, NLM_F_ACK, ifIndex, 0, 0).attribute(IFLA_IFALIAS, alias),
        "cannot set the alias of interface " + ifIndex);
  }

  /** Removes the interface; a TUN device's descriptor then only gives EBADFD. */
  public void deleteLink(int ifIndex) throws LinuxException {
    execute(ifinfo(RTM_DELLINK, NLM_F_ACK, ifIndex, 0, 0), "cannot remove interface " + ifIndex);
  }

  /** Gives the interface an address; does nothing when it has it. */
  public void addAddress(int ifIndex, Prefix prefix) throws LinuxException {
    execute(
        ifaddr(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, ifIndex, prefix),
        "cannot add address " + prefix + " to interface " + ifIndex);
  }

  /** Takes an address away; does nothing when the interface does not have it. */
  public void removeAddress(int ifIndex, Prefix prefix) throws LinuxException {
    executeUnlessGone(
        ifaddr(RTM_DELADDR, NLM_F_ACK, ifIndex, prefix),
        Errno.EADDRNOTAVAIL,
        "cannot remove address " + prefix + " from interface " + ifIndex);
  }

  /** The addresses of an interface, in the kernel's order. */
  public synchronized List<LinkAddress> listAddresses(int ifIndex) throws LinuxException {
    List<LinkAddress> addresses = new ArrayList<>();
    for (ByteBuffer body :
        dumpOfOne(
            () ->
                new NetlinkMessage(RTM_GETADDR, NLM_F_DUMP)
                    .octet(0)
                    .octet(0)
                    .octet(0)
                    .octet(0)
                    .integer(ifIndex),
            "cannot list addresses")) {
      if (body.getInt(4) != ifIndex) {
        continue;
      }
      byte[][] values = new byte[3][];
      NetlinkMessage.attributes(
          body.duplicate().order(body.order()).position(8),
          (type, value) -> {
            if (type == IFA_ADDRESS || type == IFA_LOCAL) {
              values[type] = NetlinkMessage.octets(value);
            }
          });
      // With a peer address, the interface's own is the local one.
      byte[] own = values[IFA_LOCAL] != null ? values[IFA_LOCAL] : values[IFA_ADDRESS];
      if (own != null) {
        addresses.add(
            new LinkAddress(
                ifIndex, new Prefix(address(own), body.get(1) & 0xff), body.get(3) & 0xff));
      }
    }
    return addresses;
  }

  /**
   * Adds a route; does nothing when the interface has it, from an address of that prefix perhaps. A
   * route to the same destination by another interface is left alone.
   *
   * @throws LinuxException EEXIST when another route to that destination with that metric is in the
   *     table
   */
  public void addRoute(Route route) throws LinuxException {
    try {
      execute(
          route(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, route),
          "cannot add route " + describe(route));
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST || !isThere(route)) {
        throw e;
      }
    }
  }

  /** Adds a route in place of any other to that destination with that metric in the table. */
  public void replaceRoute(Route route) throws LinuxException {
    execute(
        route(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, route),
        "cannot set route " + describe(route));
  }

  /** Removes a route that {@link #addRoute} made; does nothing when it is not there. */
  public void removeRoute(Route route) throws LinuxException {
    executeUnlessGone(
        route(RTM_DELROUTE, NLM_F_ACK, route), ESRCH, "cannot remove route " + describe(route));
  }

  /** The interface that a route leads to, from struct rtmsg and its attributes; 0 for none. */
  static int outputOf(ByteBuffer body) {
    int[] output = {0};
    NetlinkMessage.attributes(
        body.duplicate().order(body.order()).position(12),
        (type, value) -> {
          if (type == RTA_OIF) {
            output[0] = value.getInt(0);
          }
        });
    return output[0];
  }

  private boolean isThere(Route route) throws LinuxException {
    return listRoutes(route.ifIndex(), route.table(), true).stream()
        .anyMatch(
            other ->
                other.destination().equals(route.destination())
                    && (route.metric() == 0 || other.metric() == route.metric()));
  }

  /**
   * The unicast routes of an interface in one table that somebody set, so without those that the
   * kernel keeps for the interface's addresses.
   */
  public List<Route> listRoutes(int ifIndex, int table) throws LinuxException {
    return listRoutes(ifIndex, table, false);
  }

  /**
   * The unicast routes of an interface in one table.
   *
   * @param kernelsToo with those that the kernel keeps for the interface's addresses
   */
  public synchronized List<Route> listRoutes(int ifIndex, int table, boolean kernelsToo)
      throws LinuxException {
    List<Route> routes = new ArrayList<>();
    for (ByteBuffer body :
        dumpOfOne(
            () -> rtmsg(RTM_GETROUTE, NLM_F_DUMP, 0, 0, 0, 0, 0, 0, 0).attribute(RTA_OIF, ifIndex),
            "cannot list routes")) {
      int family = body.get(0);
      if (body.get(7) != RTN_UNICAST
          || family != SocketCalls.AF_INET && family != SocketCalls.AF_INET6
          || body.get(5) == RTPROT_KERNEL && !kernelsToo
          || (body.getInt(8) & RTM_F_CLONED) != 0) {
        continue;
      }
      byte[][] destination = {new byte[family == SocketCalls.AF_INET ? 4 : 16]};
      int[] numbers = new int[RTA_MARK];
      numbers[RTA_TABLE] = body.get(4) & 0xff;
      NetlinkMessage.attributes(
          body.duplicate().order(body.order()).position(12),
          (type, value) -> {
            switch (type) {
              case RTA_DST -> destination[0] = NetlinkMessage.octets(value);
              case RTA_OIF, RTA_PRIORITY, RTA_TABLE -> numbers[type] = value.getInt(0);
              case RTA_GATEWAY -> numbers[type] = 1;
              default -> {}
            }
          });
      if (numbers[RTA_OIF] == ifIndex && numbers[RTA_TABLE] == table && numbers[RTA_GATEWAY] == 0) {
        routes.add(
            new Route(
                new Prefix(address(destination[0]), body.get(1) & 0xff),
                ifIndex,
                table,
                numbers[RTA_PRIORITY]));
      }
    }
    return routes;
  }

  /** The routing tables that hold a route of any kind, of either family. */
  public synchronized Set<Integer> tablesInUse() throws LinuxException {
    Set<Integer> tables = new HashSet<>();
    for (ByteBuffer body :
        socket.dump(
            () -> rtmsg(RTM_GETROUTE, NLM_F_DUMP, 0, 0, 0, 0, 0, 0, 0), "cannot list routes")) {
      if ((body.getInt(8) & RTM_F_CLONED) != 0) {
        continue;
      }
      int[] table = {body.get(4) & 0xff};
      NetlinkMessage.attributes(
          body.duplicate().order(body.order()).position(12),
          (type, value) -> {
            if (type == RTA_TABLE) {
              table[0] = value.getInt(0);
            }
          });
      tables.add(table[0]);
    }
    return tables;
  }

  /** Adds a rule; does nothing when it is there with that priority. */
  public void addRule(PolicyRule rule) throws LinuxException {
    try {
      execute(PolicyRules.add(rule), "cannot add " + rule);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST || !listRules(rule.ipv6()).contains(rule)) {
        throw e;
      }
    }
  }

  /** Removes a rule; does nothing when it is not there. Without a priority, one with any. */
  public void removeRule(PolicyRule rule) throws LinuxException {
    executeUnlessGone(PolicyRules.remove(rule), Errno.ENOENT, "cannot remove " + rule);
  }

  @Override
  public synchronized List<PolicyRule> listRules(boolean ipv6) throws LinuxException {
    return socket
        .dump(() -> PolicyRules.list(ipv6), "cannot list the rules of policy routing")
        .stream()
        .map(PolicyRules::read)
        .toList();
  }

  @Override
  public MatchedRoute matchRoute(
      InetAddress destination, Optional<InetAddress> source, int arrivingBy, int mark)
      throws LinuxException {
    byte[] octets = destination.getAddress();
    int bits = 8 * octets.length;
    NetlinkMessage request =
        new NetlinkMessage(RTM_GETROUTE, 0)
            .octet(octets.length == 4 ? SocketCalls.AF_INET : SocketCalls.AF_INET6)
            .octet(bits)
            .octet(source.isPresent() ? bits : 0)
            .octet(0)
            .octet(0)
            .octet(0)
            .octet(0)
            .octet(0)
            .integer(RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH)
            .attribute(RTA_DST, octets);
    source.ifPresent(address -> request.attribute(RTA_SRC, address.getAddress()));
    if (arrivingBy != 0) {
      request.attribute(RTA_IIF, arrivingBy);
    }
    if (mark != 0) {
      request.attribute(RTA_MARK, mark);
    }
    String attempt = "cannot find the route to " + IpLiteral.format(destination);
    List<ByteBuffer> answers;
    synchronized (this) {
      answers = socket.ask(request, attempt);
    }
    if (answers.isEmpty()) {
      throw new LinuxException(Errno.EPROTO, attempt, "");
    }
    ByteBuffer body = answers.getFirst();
    byte[][] addresses = new byte[RTA_MARK][];
    int[] numbers = new int[RTA_MARK];
    numbers[RTA_TABLE] = body.get(4) & 0xff;
    NetlinkMessage.attributes(
        body.duplicate().order(body.order()).position(12),
        (type, value) -> {
          switch (type) {
            case RTA_DST, RTA_GATEWAY -> addresses[type] = NetlinkMessage.octets(value);
            case RTA_OIF, RTA_TABLE -> numbers[type] = value.getInt(0);
            default -> {}
          }
        });
    byte[] prefix = addresses[RTA_DST] != null ? addresses[RTA_DST] : new byte[octets.length];
    byte[] gateway = addresses[RTA_GATEWAY];
    return new MatchedRoute(
        new Prefix(address(prefix), body.get(1) & 0xff),
        gateway == null ? Optional.empty() : Optional.of(address(gateway)),
        numbers[RTA_OIF],
        numbers[RTA_TABLE],
        body.get(7) == RTN_LOCAL);
  }

  /**
   * Asks which way a packet would go now.
   *
   * @param mark fwmark of the packet, 0 for none
   * @throws LinuxException ENETUNREACH and its like when it would go nowhere
   */
  public RouteLookup lookupRoute(InetAddress destination, int mark) throws LinuxException {
    byte[] octets = destination.getAddress();
    NetlinkMessage request =
        rtmsg(
                RTM_GETROUTE,
                0,
                octets.length == 4 ? SocketCalls.AF_INET : SocketCalls.AF_INET6,
                8 * octets.length,
                0,
                0,
                0,
                0,
                RTM_F_LOOKUP_TABLE)
            .attribute(RTA_DST, octets);
    if (mark != 0) {
      request.attribute(RTA_MARK, mark);
    }
    String attempt = "cannot find the route to " + IpLiteral.format(destination);
    List<ByteBuffer> answers;
    synchronized (this) {
      answers = socket.ask(request, attempt);
    }
    if (answers.isEmpty()) {
      throw new LinuxException(Errno.EPROTO, attempt, "");
    }
    ByteBuffer body = answers.getFirst();
    int[] numbers = new int[RTA_MARK];
    numbers[RTA_TABLE] = body.get(4) & 0xff;
    NetlinkMessage.attributes(
        body.duplicate().order(body.order()).position(12),
        (type, value) -> {
          switch (type) {
            case RTA_OIF, RTA_TABLE -> numbers[type] = value.getInt(0);
            case RTA_METRICS ->
                NetlinkMessage.attributes(
                    value,
                    (metric, number) -> {
                      if (metric == RTAX_MTU) {
                        numbers[RTA_METRICS] = number.getInt(0);
                      }
                    });
            default -> {}
          }
        });
    int mtu = numbers[RTA_METRICS];
    if (mtu == 0) {
      mtu = linkByIndex(numbers[RTA_OIF]).map(Link::mtu).orElse(0);
    }
    return new RouteLookup(numbers[RTA_OIF], numbers[RTA_TABLE], mtu);
  }

  /** A dump of what is of one interface, and on older kernels of others as well. */
  private List<ByteBuffer> dumpOfOne(Supplier<NetlinkMessage> request, String attempt)
      throws LinuxException {
    try {
      return filtering.dump(request, attempt);
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENODEV) {
        return List.of();
      }
      throw e;
    }
  }

  private synchronized void execute(NetlinkMessage message, String attempt) throws LinuxException {
    socket.execute(message, attempt);
  }

  private void executeUnlessGone(NetlinkMessage message, int gone, String attempt)
      throws LinuxException {
    try {
      execute(message, attempt);
    } catch (LinuxException e) {
      if (e.errno() != gone && e.errno() != Errno.ENODEV) {
        throw e;
      }
    }
  }

  /** struct ifinfomsg. */
  private static NetlinkMessage ifinfo(int type, int flags, int ifIndex, int set, int change) {
    return new NetlinkMessage(type, flags)
        .octet(0)
        .octet(0)
        .word(0)
        .integer(ifIndex)
        .integer(set)
        .integer(change);
  }

  /** struct ifaddrmsg with the address both as local and as interface address, as ip(8) does. */
  private static NetlinkMessage ifaddr(int type, int flags, int ifIndex, Prefix prefix) {
    byte[] octets = prefix.address().getAddress();
    boolean host = !prefix.isIpv6() && prefix.address().isLoopbackAddress();
    return new NetlinkMessage(type, flags)
        .octet(prefix.isIpv6() ? SocketCalls.AF_INET6 : SocketCalls.AF_INET)
        .octet(prefix.length())
        .octet(0)
        .octet(host ? RT_SCOPE_HOST : 0)
        .integer(ifIndex)
        .attribute(IFA_LOCAL, octets)
        .attribute(IFA_ADDRESS, octets);
  }

  private static NetlinkMessage route(int type, int flags, Route route) {
    Prefix destination = route.destination();
    int scope = RT_SCOPE_LINK;
    if (destination.isIpv6()) {
      scope = 0;
    } else if (type == RTM_DELROUTE) {
      scope = RT_SCOPE_NOWHERE; // matches any
    }
    int table = route.table();
    NetlinkMessage message =
        rtmsg(
            type,
            flags,
            destination.isIpv6() ? SocketCalls.AF_INET6 : SocketCalls.AF_INET,
            destination.length(),
            Integer.compareUnsigned(table, 255) <= 0 ? table : 0,
            RTPROT_BOOT, // as ip(8) sets; on removal it spares the kernel's own routes
            scope,
            RTN_UNICAST,
            0);
    if (destination.length() > 0) {
      message.attribute(RTA_DST, destination.address().getAddress());
    }
    message.attribute(RTA_TABLE, table).attribute(RTA_OIF, route.ifIndex());
    if (route.metric() != 0) {
      message.attribute(RTA_PRIORITY, route.metric());
    }
    return message;
  }

  /** struct rtmsg. */
  private static NetlinkMessage rtmsg(
      int type,
      int flags,
      int family,
      int length,
      int table,
      int protocol,
      int scope,
      int kind,
      int routeFlags) {
    return new NetlinkMessage(type, flags)
        .octet(family)
        .octet(length)
        .octet(0)
        .octet(0)
        .octet(table)
        .octet(protocol)
        .octet(scope)
        .octet(kind)
        .integer(routeFlags);
  }

  private static String describe(Route route) {
    return route.destination()
        + " by interface "
        + route.ifIndex()
        + " in table "
        + Integer.toUnsignedString(route.table());
  }

  private static InetAddress address(byte[] octets) throws LinuxException {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new LinuxException(Errno.EPROTO, "cannot read an address of the kernel", "");
    }
  }

  /** Closes the socket; what was set stays. */
  @Override
  public synchronized void close() {
    socket.close();
    filtering.close();
  }
}
