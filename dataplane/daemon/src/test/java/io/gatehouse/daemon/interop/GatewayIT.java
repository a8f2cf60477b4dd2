// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Traffic.carriesTcp;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A gateway between a peer and a server that has no route to the tunnel: masquerade, port forwards
 * and access rules by the file alone, and nothing of them left afterwards.
 *
 * <pre>
 *   peer 10.0.0.2 ════ wg0 ════ gateway ──── eth1 198.51.100.0/24 ──── server 198.51.100.2
 *        fd00::2                              2001:db8:1::/64                 2001:db8:1::2
 * </pre>
 */
class GatewayIT {
  private static final String SERVER = "198.51.100.2";
  private static final String TABLE = "table inet gatehouse-wg0";

  private Lab lab;
  private NetworkNamespace server;
  private Gatehouse gatehouse;
  private String before;

  @BeforeEach
  void start() {
    lab = new Lab();
    server = lab.machine("server");
    lab.gateway.run(
        "sh",
        "-c",
        "sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0"
            + " && ip link add dev eth1 type veth peer name eth0 netns "
            + server.name());
    plug(lab.gateway, "eth1", 1);
    plug(server, "eth0", 2);
    // Rules of another program, which stay what they are.
    lab.gateway.run("nft", "add table inet mine; add chain inet mine c; add rule inet mine c drop");
    before = state();
    gatehouse = Gatehouse.start(lab, lab.gateway);
    Example.startPeer(lab, "10.0.0.2/24", "0.0.0.0/0", "203.0.113.1:51821");
    lab.peer.run(
        "sh",
        "-c",
        "wg set wg0 peer "
            + Example.GATEWAY.publicKey()
            + " allowed-ips 0.0.0.0/0,::/0 && ip address add fd00::2/64 dev wg0 nodad"
            + " && ip -6 route add 2001:db8:1::/64 dev wg0");
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void peersLeaveUnderTheAddressOfTheGateway() {
    drop("# gatehouse.masquerade = eth1\n", "");
    pings(lab.peer, SERVER);
    pings(lab.peer, "2001:db8:1::2");
    carriesTcp(lab.peer, server, SERVER);
    assertThat(lab.gateway.run("sysctl", "-n", "net.ipv4.ip_forward").strip()).isEqualTo("0");

    gatehouse.remove("wg0.conf");
    waitUntilGone();
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void aForwardedPortReachesThePeer() {
    drop("# gatehouse.port-forward = tcp 198.51.100.1:8080 -> 10.0.0.2:5201\n", "");
    pings(lab.peer, "10.0.0.1");
    carriesTcp(server, lab.peer, "198.51.100.1 -p 8080");
    assertThat(lab.gateway.run("sysctl", "-n", "net.ipv4.ip_forward").strip()).isEqualTo("1");

    // From every interface to two of them, without taking down the tunnel.
    drop("# gatehouse.masquerade = eth1\n", "");
    eventually(
        "not all forward any more",
        () -> lab.gateway.run("sysctl", "-n", "net.ipv4.ip_forward").strip().equals("0"),
        this::all);
    pings(lab.peer, SERVER);

    gatehouse.remove("wg0.conf");
    waitUntilGone();
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void aPeerReachesOnlyWhatItMay() {
    String masquerade = "# gatehouse.masquerade = eth1\n";
    drop(masquerade, "# gatehouse.allow = " + SERVER + " tcp 5201\n");
    carriesTcp(lab.peer, server, SERVER);
    try (Daemon iperf = server.start("iperf3", "-s", "-p", "5202")) {
      eventually(
          "another port is open",
          () -> !server.run("ss", "-Htln", "sport", "=", ":5202").isBlank(),
          iperf::log);
      assertThat(connects(5202)).isFalse();
      assertThat(answers(SERVER)).isFalse();
      assertThat(answers("10.0.0.1")).as("the gateway itself").isFalse();
      assertThat(answers("2001:db8:1::2")).isFalse();

      // Changed, the rules count at once and the session stays.
      String handshake = handshake();
      drop(masquerade, "# gatehouse.deny = " + SERVER + " tcp 5201\n");
      eventually("the port is reached", () -> connects(5202), this::all);
      assertThat(connects(5201)).isFalse();
      pings(lab.peer, SERVER);
      pings(lab.peer, "10.0.0.1");
      assertThat(handshake()).isEqualTo(handshake);
    }
    // What the peer may not reach may still reach the peer.
    drop(masquerade, "# gatehouse.deny = 10.0.0.1\n");
    eventually("the rules are others", () -> rules().contains("10.0.0.1"), this::all);
    assertThat(answers("10.0.0.1")).isFalse();
    pings(lab.gateway, "10.0.0.2");
  }

  @Test
  void whatACrashLeftIsSweptAtTheNextStart() throws IOException {
    String lines =
        "# gatehouse.masquerade = eth1\n# gatehouse.port-forward = tcp 8080 -> 10.0.0.2:5201\n";
    drop(lines, "# gatehouse.deny = 192.0.2.0/24\n");
    pings(lab.peer, SERVER);
    String running = rules();
    kill();
    assertThat(rules()).isEqualTo(running);

    // With the file, all is as it was, and nothing is there twice.
    gatehouse = Gatehouse.start(lab, lab.gateway);
    eventually(
        "wg0 has its routes",
        () -> lab.gateway.tryRun("ip", "route", "get", "10.0.0.2").output().contains("dev wg0"),
        this::all);
    pings(lab.gateway, "10.0.0.2"); // with a new session, as the peer does not know of the crash
    pings(lab.peer, SERVER);
    assertThat(rules()).isEqualTo(running);

    // Without it, nothing is left.
    kill();
    gatehouse.remove("wg0.conf");
    gatehouse = Gatehouse.start(lab, lab.gateway);
    assertThat(state()).isEqualTo(before);
    try (var left = Files.list(lab.gateway.home().resolve("state/leftovers"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void forwardingGoesWithTheLastTunnelThatNeedsIt() {
    drop("# gatehouse.masquerade = eth1\n", "");
    gatehouse.drop(
        "wg1.conf",
        """
        [Interface]
        # gatehouse.forwarding = on
        Address = 10.7.0.1/24, fd07::1/64
        """);
    eventually(
        "all forward",
        () -> lab.gateway.run("sysctl", "-n", "net.ipv4.ip_forward").strip().equals("1"),
        this::all);
    pings(lab.peer, SERVER);
    gatehouse.remove("wg1.conf");
    eventually("wg1 is gone", () -> !lab.gateway.hasLink("wg1"), this::all);
    assertThat(lab.gateway.run("sysctl", "-n", "net.ipv4.ip_forward").strip()).isEqualTo("0");
    pings(lab.peer, SERVER);
    pings(lab.peer, "2001:db8:1::2");
    gatehouse.remove("wg0.conf");
    waitUntilGone();
    assertThat(state()).isEqualTo(before);
  }

  private void drop(String interfaceLines, String peerLines) {
    gatehouse.drop(
        "wg0.conf",
        """
        [Interface]
        %sPrivateKey = %s
        ListenPort = 51821
        Address = 10.0.0.1/24, fd00::1/64
        [Peer]
        %sPublicKey = %s
        AllowedIPs = 10.0.0.2/32, fd00::2/128
        Endpoint = 203.0.113.2:51822
        """
            .formatted(
                interfaceLines, Example.GATEWAY.privateKey(), peerLines, Example.PEER.publicKey()));
    eventually("wg0 is up", () -> lab.gateway.hasLink("wg0") && rules().contains(TABLE), this::all);
  }

  private void waitUntilGone() {
    eventually(
        "wg0 is gone", () -> !lab.gateway.hasLink("wg0") && !rules().contains(TABLE), this::all);
  }

  private void kill() {
    gatehouse.daemon().kill();
    eventually("its interface is gone", () -> !lab.gateway.hasLink("wg0"), this::all);
  }

  private boolean answers(String address) {
    return lab.peer.tryRun("ping", "-c", "1", "-W", "1", address).exitCode() == 0;
  }

  private boolean connects(int port) {
    return lab.peer
            .tryRun("timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/" + SERVER + "/" + port)
            .exitCode()
        == 0;
  }

  private String handshake() {
    return lab.peer.run("wg", "show", "wg0", "latest-handshakes");
  }

  private String rules() {
    return lab.gateway.run("nft", "list", "ruleset");
  }

  /** All that forwarding and tables may change. */
  private String state() {
    return lab.gateway.run("nft", "-j", "list", "ruleset")
        + lab.gateway.run(
            "sh",
            "-c",
            "sysctl net.ipv4.conf net.ipv6.conf"
                + " | grep -E '\\.(forwarding|accept_ra|accept_redirects) '");
  }

  private String all() {
    return rules() + gatehouse.daemon().log();
  }

  private static void plug(NetworkNamespace machine, String link, int number) {
    machine.run("ip", "address", "add", "198.51.100." + number + "/24", "dev", link);
    machine.run("ip", "address", "add", "2001:db8:1::" + number + "/64", "dev", link, "nodad");
    machine.run("ip", "link", "set", "dev", link, "up");
  }
}
