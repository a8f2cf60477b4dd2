// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gatehouse.wgquick.Prefix;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links, addresses and routes set by us and read by ip(8), and the other way round. */
class RtnetlinkIT {
  private TestNamespace namespace;
  private TunDevice tun;
  private Rtnetlink netlink;
  private int index;

  @BeforeEach
  void makeInterface() throws Exception {
    namespace = new TestNamespace();
    tun = namespace.inside(() -> TunDevice.open("wg0", TunDevice.Offloads.ALL));
    netlink = Rtnetlink.open(namespace.namespace());
    index = netlink.linkByName("wg0").orElseThrow().index();
  }

  @AfterEach
  void removeInterface() throws Exception {
    netlink.close();
    tun.close();
    namespace.close();
  }

  @Test
  void setsWhatIpLinkShows() throws Exception {
    netlink.setMtu(index, 1420);
    netlink.setAlias(index, "to the office");
    netlink.setUp(index);
    assertThat(namespace.ip("link", "show", "wg0"))
        .contains("mtu 1420")
        .contains(",UP,")
        .contains("alias to the office");
    Link link = netlink.linkByIndex(index).orElseThrow();
    assertThat(link.name()).isEqualTo("wg0");
    assertThat(link.mtu()).isEqualTo(1420);
    assertThat(link.up()).isTrue();
    assertThat(link.alias()).isEqualTo("to the office");
    assertThat(netlink.links()).extracting(Link::name).contains("lo", "wg0");

    netlink.setDown(index);
    assertThat(netlink.linkByName("wg0").orElseThrow().up()).isFalse();
    netlink.deleteLink(index);
    assertThat(netlink.linkByName("wg0")).isEmpty();
    assertThat(netlink.linkByIndex(index)).isEmpty();
  }

  @Test
  void addressesEqualThoseOfWgQuick() throws Exception {
    // What wg-quick runs, on a second device, is the pattern.
    try (TunDevice pattern =
        namespace.inside(() -> TunDevice.open("wg1", TunDevice.Offloads.ALL))) {
      namespace.ip("-4", "address", "add", "10.0.0.1/24", "dev", pattern.name());
      namespace.ip("-6", "address", "add", "fd00::1/64", "dev", "wg1");
      namespace.ip("link", "set", "wg1", "up");
      Prefix four = Prefix.parse("10.0.0.1/24");
      Prefix six = Prefix.parse("fd00::1/64");
      for (int twice = 0; twice < 2; twice++) {
        netlink.addAddress(index, four);
        netlink.addAddress(index, six);
      }
      netlink.setUp(index);
      assertThat(shownAddresses("wg0")).isEqualTo(shownAddresses("wg1"));
      assertThat(netlink.listAddresses(index)).extracting(LinkAddress::prefix).contains(four, six);
      netlink.removeAddress(index, four);
      netlink.removeAddress(index, four);
      assertThat(netlink.listAddresses(index))
          .extracting(LinkAddress::prefix)
          .contains(six)
          .doesNotContain(four);
    }
  }

  /** Without the link-local address, which is random. */
  private String shownAddresses(String name) throws Exception {
    return namespace
        .ip("-o", "address", "show", "dev", name, "scope", "global")
        .replace(name, "wg")
        .replaceAll("(?m)^\\d+:", "");
  }

  @Test
  void routesEqualThoseOfWgQuick() throws Exception {
    try (TunDevice pattern =
        namespace.inside(() -> TunDevice.open("wg1", TunDevice.Offloads.ALL))) {
      namespace.ip("link", "set", pattern.name(), "up");
      netlink.setUp(index);
      for (String destination : List.of("10.9.0.0/16", "fd09::/48", "0.0.0.0/0", "::/0")) {
        for (int table : new int[] {Route.MAIN, 51820, (int) 4000000000L}) {
          Route route = new Route(Prefix.parse(destination), index, table, 0);
          netlink.addRoute(route);
          netlink.addRoute(route);
          String family = destination.contains(":") ? "-6" : "-4";
          String number = Integer.toUnsignedString(table);
          String ours = namespace.ip(family, "-d", "route", "show", "table", number);
          assertThat(netlink.listRoutes(index, table))
              .extracting(Route::destination)
              .contains(Prefix.parse(destination));
          netlink.removeRoute(route);
          netlink.removeRoute(route);
          namespace.ip(family, "route", "add", destination, "dev", "wg1", "table", number);
          String theirs = namespace.ip(family, "-d", "route", "show", "table", number);
          assertThat(line(ours, "wg0")).isEqualTo(line(theirs, "wg1"));
          namespace.ip(family, "route", "del", destination, "dev", "wg1", "table", number);
        }
      }
    }
  }

  private static List<String> line(String routes, String name) {
    return routes
        .lines()
        .filter(line -> line.contains("dev " + name) && !line.contains("fe80"))
        .filter(line -> !line.startsWith("multicast"))
        .map(line -> line.replace(name, "wg").strip())
        .toList();
  }

  @Test
  void leavesRouteOfAnotherInterfaceAloneUnlessToldToReplace() throws Exception {
    netlink.setUp(index);
    namespace.ip("route", "add", "10.9.0.0/16", "dev", "lo");
    Route route = new Route(Prefix.parse("10.9.0.0/16"), index, Route.MAIN, 0);
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> netlink.addRoute(route))
        .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EEXIST"))
        .withMessageContaining("10.9.0.0/16");
    netlink.replaceRoute(route);
    assertThat(namespace.ip("route", "show", "10.9.0.0/16")).contains("dev wg0");
    assertThat(netlink.listRoutes(index, Route.MAIN)).containsExactly(route);
  }

  @Test
  void sparesTheKernelsOwnRoute() throws Exception {
    netlink.addAddress(index, Prefix.parse("10.9.0.1/16"));
    netlink.addAddress(index, Prefix.parse("fd09::1/48"));
    netlink.setUp(index);
    for (String destination : List.of("10.9.0.0/16", "fd09::/48")) {
      Route route = new Route(Prefix.parse(destination), index, Route.MAIN, 0);
      if (!destination.contains(":")) {
        netlink.addRoute(route);
      }
      netlink.removeRoute(route);
      assertThat(namespace.ip("route", "get", destination.contains(":") ? "fd09::2" : "10.9.0.2"))
          .contains("dev wg0");
    }
    assertThat(netlink.listRoutes(index, Route.MAIN)).isEmpty();
  }

  @Test
  void passesOnTheKernelsExplanation() {
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> netlink.setMtu(index, 1 << 20))
        .withMessageContaining("cannot set MTU 1048576")
        .withMessageContaining("EINVAL")
        .withMessageContaining("mtu greater than device maximum");
  }

  @Test
  void findsTheWayToAnAddress() throws Exception {
    netlink.setMtu(index, 1400);
    netlink.setUp(index);
    netlink.addAddress(index, Prefix.parse("10.0.0.1/24"));
    netlink.addRoute(new Route(Prefix.parse("10.2.0.0/16"), index, 777, 0));
    namespace.ip("rule", "add", "fwmark", "5", "table", "777");
    namespace.ip("route", "add", "10.3.0.0/16", "dev", "wg0", "mtu", "1300");
    assertThat(lookup("10.0.0.9", 0)).isEqualTo(new RouteLookup(index, Route.MAIN, 1400));
    assertThat(lookup("10.3.0.9", 0).mtu()).isEqualTo(1300);
    assertThat(lookup("10.2.0.9", 5)).isEqualTo(new RouteLookup(index, 777, 1400));
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> lookup("10.2.0.9", 0))
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENETUNREACH));
  }

  private RouteLookup lookup(String address, int mark) throws LinuxException {
    return netlink.lookupRoute(Prefix.parse(address).address(), mark);
  }

  @Test
  void listsMoreRoutesThanFitInOneMessage() throws Exception {
    netlink.setUp(index);
    for (int i = 0; i < 3000; i++) {
      netlink.addRoute(
          new Route(Prefix.parse("10." + (i >> 8) + "." + (i & 255) + ".0/24"), index, 99, 0));
    }
    assertThat(netlink.listRoutes(index, 99)).hasSize(3000);
  }
}
