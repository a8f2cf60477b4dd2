// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.GATEWAY;
import static io.gatehouse.daemon.interop.Example.PEER;
import static io.gatehouse.daemon.interop.Example.file;
import static io.gatehouse.daemon.interop.Example.startPeer;
import static io.gatehouse.daemon.interop.Traffic.carriesTcp;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A wg-quick file in the tunnel directory is the tunnel, against a stock peer. */
class DropInIT extends DroppedFiles {
  @Test
  void fileBecomesATunnelWithAddressMtuAndRoutes() throws IOException {
    gatehouse.drop("wg0.conf", file());

    eventually("wg0 is up", () -> isUp("wg0"), gatehouse.daemon()::log);
    assertThat(lab.gateway.run("ip", "-o", "address", "show", "dev", "wg0"))
        .contains("inet 10.0.0.1/32");
    assertThat(lab.gateway.run("ip", "link", "show", "dev", "wg0")).contains("mtu 1420");
    assertThat(lab.gateway.run("ip", "route", "show", "dev", "wg0")).contains("192.168.200.0/24");
    assertThat(lab.gateway.run("ss", "-Hulpn", "sport", "=", ":51821")).contains("java");
    assertThat(lab.gateway.run("wg", "show", "wg0", "allowed-ips"))
        .isEqualTo(PEER.publicKey() + "\t192.168.200.0/24\n");
  }

  @Test
  void trafficPassesWhenTheGatewayBeginsTheHandshake() throws IOException {
    startPeer(lab, "192.168.200.1/24", "10.0.0.1/32", "");
    gatehouse.drop("wg0.conf", file());
    eventually("wg0 is up", () -> isUp("wg0"), gatehouse.daemon()::log);

    // The peer knows no endpoint: only the gateway can begin.
    pings(lab.gateway, "192.168.200.1");
    pings(lab.peer, "10.0.0.1");
    carriesTcp(lab.gateway, lab.peer, "192.168.200.1");
    assertThat(WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey()).latestHandshake()).isPositive();
  }

  @Test
  void trafficPassesWhenThePeerBeginsTheHandshake() throws IOException {
    // The gateway's own file names no endpoint here: only the peer can begin.
    gatehouse.drop("wg0.conf", file().replace("Endpoint = 203.0.113.2:51822\n", ""));
    eventually("wg0 is up", () -> isUp("wg0"), gatehouse.daemon()::log);
    startPeer(lab, "192.168.200.1/24", "10.0.0.1/32", "203.0.113.1:51821");

    pings(lab.peer, "10.0.0.1");
    pings(lab.gateway, "192.168.200.1");
    carriesTcp(lab.peer, lab.gateway, "10.0.0.1");
    assertThat(WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey()).endpoint())
        .isEqualTo("203.0.113.2:51822");
  }

  @Test
  void ipv6PassesInsideAndOutside() {
    startPeer(lab, "fd00:200::1/64", "fd00::1/128", "");
    gatehouse.drop(
        "wg0.conf",
        """
        [Interface]
        PrivateKey = %s
        Address = fd00::1/128
        ListenPort = 51821
        [Peer]
        PublicKey = %s
        AllowedIPs = fd00:200::/64
        Endpoint = [2001:db8::2]:51822
        """
            .formatted(GATEWAY.privateKey(), PEER.publicKey()));
    eventually("wg0 is up", () -> isUp("wg0"), gatehouse.daemon()::log);

    pings(lab.gateway, "fd00:200::1");
    pings(lab.peer, "fd00::1");
    carriesTcp(lab.gateway, lab.peer, "fd00:200::1");
    assertThat(WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey()).endpoint())
        .isEqualTo("[2001:db8::2]:51822");
  }

  @Test
  void aChangedPeerChangesAlone() throws IOException {
    Keys other = Keys.random();
    String second =
        """

        [Peer]
        PublicKey = %s
        AllowedIPs = %s
        Endpoint = 203.0.113.2:51823
        """;
    startPeer(lab, "192.168.200.1/24", "10.0.0.1/32", "");
    gatehouse.drop("wg0.conf", file() + second.formatted(other.publicKey(), "192.168.201.0/24"));
    eventually("wg0 is up", () -> isUp("wg0"), gatehouse.daemon()::log);
    pings(lab.gateway, "192.168.200.1");
    int index = ifIndex("wg0");
    WgShow.Peer before = WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey());

    gatehouse.drop("wg0.conf", file() + second.formatted(other.publicKey(), "192.168.202.0/24"));

    eventually(
        "the second peer has its new prefix",
        () ->
            WgShow.of(lab.gateway, "wg0")
                .peer(other.publicKey())
                .allowedIps()
                .equals("192.168.202.0/24"),
        gatehouse.daemon()::log);
    eventually(
        "the routes follow",
        () -> {
          String routes = lab.gateway.run("ip", "route", "show", "dev", "wg0");
          return routes.contains("192.168.202.0/24") && !routes.contains("192.168.201.0/24");
        },
        gatehouse.daemon()::log);
    WgShow.Peer after = WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey());
    assertThat(after.latestHandshake()).isEqualTo(before.latestHandshake());
    assertThat(after.received()).isGreaterThanOrEqualTo(before.received());
    assertThat(after.sent()).isGreaterThanOrEqualTo(before.sent());
    assertThat(ifIndex("wg0")).isEqualTo(index);
    pings(lab.gateway, "192.168.200.1");
    assertThat(WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey()).latestHandshake())
        .as("the session went on: no new handshake")
        .isEqualTo(before.latestHandshake());
  }

  @Test
  void aRemovedFileLeavesNothingBehind() throws IOException {
    gatehouse.drop("wg0.conf", file());
    eventually("wg0 is up", () -> isUp("wg0"), gatehouse.daemon()::log);
    assertThat(lab.gateway.uapiSocket("wg0")).exists();

    gatehouse.remove("wg0.conf");

    eventually("wg0 is gone", () -> !lab.gateway.hasLink("wg0"), gatehouse.daemon()::log);
    eventually(
        "its socket is gone",
        () -> !Files.exists(lab.gateway.uapiSocket("wg0")),
        gatehouse.daemon()::log);
    eventually(
        "its port is free",
        () -> lab.gateway.run("ss", "-Huln", "sport", "=", ":51821").isBlank(),
        gatehouse.daemon()::log);
    assertThat(lab.gateway.run("ip", "route", "show", "table", "all"))
        .doesNotContain("192.168.200.0");
    assertThat(gatehouse.daemon().isAlive()).isTrue();
  }

  @Test
  void stoppingTheDataPlaneTakesTheTunnelsDown() throws IOException {
    gatehouse.drop("wg0.conf", file());
    eventually("wg0 is up", () -> isUp("wg0"), gatehouse.daemon()::log);

    gatehouse.daemon().close();

    assertThat(lab.gateway.hasLink("wg0")).isFalse();
    assertThat(lab.gateway.uapiSocket("wg0")).doesNotExist();
  }

  @Test
  void aBadFileIsSaidAndTheTunnelGoesOn() throws IOException {
    startPeer(lab, "192.168.200.1/24", "10.0.0.1/32", "");
    gatehouse.drop("wg0.conf", file());
    eventually("wg0 is up", () -> isUp("wg0"), gatehouse.daemon()::log);
    pings(lab.gateway, "192.168.200.1");

    gatehouse.drop("wg0.conf", file().replace("192.168.200.0/24", "192.168.200.0/33"));

    eventually(
        "the log names file, line and value",
        () -> gatehouse.daemon().log().matches("(?s).*wg0\\.conf:10\\b.*192\\.168\\.200\\.0/33.*"),
        gatehouse.daemon()::log);
    pings(lab.gateway, "192.168.200.1");
    assertThat(WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey()).allowedIps())
        .isEqualTo("192.168.200.0/24");

    // A good one afterwards is taken as if nothing had been.
    gatehouse.drop("wg0.conf", file() + "PersistentKeepalive = 25\n");
    eventually(
        "the next good file is taken",
        () ->
            WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey()).persistentKeepalive().equals("25"),
        gatehouse.daemon()::log);
  }

  @Test
  void whatIsNoTunnelFileIsSaidAndHarmsNothing() throws IOException {
    gatehouse.drop("a-name-far-too-long.conf", file());
    Files.createDirectory(gatehouse.tunnels().resolve("folder.conf"));
    gatehouse.drop("half.conf", "[Interface]\nPrivateKey = AAAA");
    gatehouse.drop("wg0.conf", file());

    eventually("wg0 is up", () -> isUp("wg0"), gatehouse.daemon()::log);
    for (String name : new String[] {"a-name-far-too-long.conf", "folder.conf", "half.conf"}) {
      eventually(
          name + " is said",
          () -> gatehouse.daemon().log().contains(name),
          gatehouse.daemon()::log);
    }
    assertThat(lab.gateway.hasLink("half")).isFalse();
    assertThat(gatehouse.daemon().log()).doesNotContain(GATEWAY.privateKey());
  }

  private boolean isUp(String tunnel) {
    Command link = lab.gateway.tryRun("ip", "link", "show", "dev", tunnel, "up");
    return link.exitCode() == 0
        && link.output().contains(tunnel)
        // Routes come last.
        && !lab.gateway.run("ip", "route", "show", "table", "all", "dev", tunnel).isBlank();
  }
}
