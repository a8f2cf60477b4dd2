// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.config;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.TunnelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class TunnelRouteTest {
  @Test
  void theMostSpecificComesFirst() {
    assertThat(
            routes(
                "Address = 10.0.0.1/32\n",
                peer(1, "AllowedIPs = 10.0.0.0/8, fd00::/64\n"),
                peer(2, "AllowedIPs = 10.1.0.0/16, 192.168.200.0/24, fd00::2\n")))
        .containsExactly(
            "fd00::2/128", "fd00::/64", "192.168.200.0/24", "10.1.0.0/16", "10.0.0.0/8");
  }

  @Test
  void whatTheInterfacesOwnNetworkCoversGetsNoRoute() {
    assertThat(
            routes(
                "Address = 10.0.0.1/24, fd00::1/64\n",
                peer(1, "AllowedIPs = 10.0.0.2/32, 10.0.0.0/24, fd00::2, 10.0.0.0/23\n")))
        .containsExactly("10.0.0.0/23");
  }

  @Test
  void aLoneIpv4AddressCoversNothing() {
    assertThat(routes("Address = 10.0.0.1\n", peer(1, "AllowedIPs = 10.0.0.1/32\n")))
        .containsExactly("10.0.0.1/32");
  }

  @Test
  void aNumberedTableTakesThemAll() {
    List<TunnelRoute> routes =
        TunnelRoute.of(
            config(
                text(
                    "Address = 10.0.0.1/24\nTable = 0x100\n",
                    peer(1, "AllowedIPs = 0.0.0.0/0, 10.0.0.2\n"))),
            51820);
    assertThat(routes)
        .extracting(r -> r.destination().toString() + " in " + r.table())
        .containsExactly("10.0.0.2/32 in 256", "0.0.0.0/0 in 256");
  }

  @Test
  void tableOffMeansNone() {
    assertThat(routes("Table = off\n", peer(1, "AllowedIPs = 10.0.0.0/8, ::/0\n"))).isEmpty();
  }

  @Test
  void whatTheKernelRoutesByItselfGetsNoRoute() {
    assertThat(routes("Address = 0.0.0.9/4\n", peer(1, "AllowedIPs = fe80::2/128, 10.0.0.0/8\n")))
        .containsExactly("10.0.0.0/8");
  }

  @Test
  void aDefaultRouteInTableAutoGoesIntoATableOfItsOwn() {
    TunnelConfig both =
        config(text("Address = 10.0.0.1/8\n", peer(1, "AllowedIPs = 0.0.0.0/0, ::/0, 10.9.0.0\n")));
    assertThat(TunnelRoute.defaultsInAuto(both)).containsExactly(false, true);
    assertThat(TunnelRoute.of(both, 51820))
        .extracting(r -> r.destination().toString() + " in " + r.table())
        .containsExactly("0.0.0.0/0 in 51820", "::/0 in 51820");
  }

  @Test
  void onlyADefaultRouteInTableAutoNeedsPolicyRouting() {
    String everything = peer(1, "AllowedIPs = ::/0\n");
    assertThat(TunnelRoute.defaultsInAuto(config(text("", everything)))).containsExactly(true);
    assertThat(TunnelRoute.defaultsInAuto(config(text("Table = auto\n", everything))))
        .containsExactly(true);
    assertThat(TunnelRoute.defaultsInAuto(config(text("Table = off\n", everything)))).isEmpty();
    assertThat(TunnelRoute.defaultsInAuto(config(text("Table = 7\n", everything)))).isEmpty();
    assertThat(TunnelRoute.defaultsInAuto(config(text("", peer(1, "AllowedIPs = 10.0.0.0/1\n")))))
        .isEmpty();
  }

  private static List<String> routes(String lines, String... peers) {
    return TunnelRoute.of(config(text(lines, peers)), 51820).stream()
        .map(route -> route.destination().toString())
        .toList();
  }
}
