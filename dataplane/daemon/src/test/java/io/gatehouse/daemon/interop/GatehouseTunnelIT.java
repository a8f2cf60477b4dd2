// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Traffic.carriesTcp;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code gatehouse-tunnel} stands where wireguard-go stood: stock tools notice no difference. */
class GatehouseTunnelIT {
  private static final String TUNNEL = Gatehouse.program("gatehouse-tunnel");

  private final Keys gatewayKeys = Keys.random();
  private final Keys peerKeys = Keys.random();
  private Lab lab;

  @BeforeEach
  void start() {
    lab = new Lab();
    startPeer();
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void returnsWhenTheSocketIsReadyAndEndsWhenTheSocketIsRemoved() throws IOException {
    lab.gateway.run(TUNNEL, "wg0");

    assertThat(lab.gateway.run("wg", "show", "interfaces")).isEqualTo("wg0\n");
    assertThat(lab.gateway.run("ip", "link", "show", "dev", "wg0")).contains("mtu 1420");

    Files.delete(lab.gateway.uapiSocket("wg0"));
    eventually("the interface is gone", () -> !lab.gateway.hasLink("wg0"));
  }

  @Test
  void usesTheDescriptorsItIsGiven() throws IOException {
    // TUNSETIFF with IFF_TUN and IFF_NO_PI; both descriptors stay open over exec.
    String giveDescriptors =
        """
        use Socket; use Fcntl;
        open(my $tun, '+<', '/dev/net/tun') or die $!;
        my $request = pack('a16 S x22', 'wg0', 0x1001);
        ioctl($tun, 0x400454ca, $request) or die $!;
        socket(my $uapi, AF_UNIX, SOCK_STREAM, 0) or die $!;
        bind($uapi, sockaddr_un(shift)) or die $!;
        listen($uapi, 5) or die $!;
        fcntl($_, F_SETFD, 0) for $tun, $uapi;
        $ENV{WG_TUN_FD} = fileno($tun);
        $ENV{WG_UAPI_FD} = fileno($uapi);
        exec @ARGV;
        """;
    Path socket = lab.gateway.uapiSocket("wg0");
    Files.createDirectories(socket.getParent());
    lab.keep(
        lab.gateway.start(
            Map.of("WG_PROCESS_FOREGROUND", "1"),
            "perl",
            "-e",
            giveDescriptors,
            "/var/run/wireguard/wg0.sock",
            TUNNEL,
            "wg0"));

    // Listening begins before the program does, so wg waits for its answer as long as that takes.
    eventually("somebody listens", () -> Files.exists(socket));
    setGateway();
    addressGateway(lab.gateway);

    pings(lab.gateway, "10.9.0.2");
  }

  @Test
  void usesOnlyTheOffloadsThatItsSettingsAllow() {
    lab.gateway.run(TUNNEL, "wg0");
    lab.keep(
        lab.gateway.start(
            Map.of(
                "WG_PROCESS_FOREGROUND", "1",
                "GATEHOUSE_OFFLOAD_TUN_TSO", "false",
                "GATEHOUSE_OFFLOAD_TUN_USO", "false"),
            TUNNEL,
            "wg1"));
    eventually("it is ready", () -> Files.exists(lab.gateway.uapiSocket("wg1")));

    assertThat(lab.gateway.run("ethtool", "-k", "wg0")).contains("tcp-segmentation-offload: on");
    assertThat(lab.gateway.run("ethtool", "-k", "wg1"))
        .contains("tcp-segmentation-offload: off")
        .contains("tx-udp-segmentation: off");
  }

  @Test
  void endsWhenItsInterfaceIsDeleted() {
    lab.gateway.run(TUNNEL, "wg0");

    lab.gateway.run("ip", "link", "delete", "dev", "wg0");

    eventually("the socket is gone", () -> !Files.exists(lab.gateway.uapiSocket("wg0")));
  }

  @Test
  void saysWhyItCannotStart() {
    Command failed = lab.gateway.tryRun(TUNNEL, "a-name-far-too-long");

    assertThat(failed.exitCode()).isNotZero();
    assertThat(failed.output()).contains("a-name-far-too-long");
  }

  @Test
  void wgShowsWhatWgSet() {
    lab.keep(foreground());
    setGateway();

    assertThat(lab.gateway.run("wg", "showconf", "wg0"))
        .contains("ListenPort = 51821")
        .contains("PrivateKey = " + gatewayKeys.privateKey())
        .contains("PublicKey = " + peerKeys.publicKey())
        .contains("AllowedIPs = 10.9.0.2/32")
        .contains("Endpoint = 203.0.113.2:51822");
    assertThat(lab.gateway.run("wg", "show", "wg0"))
        .contains("public key: " + gatewayKeys.publicKey())
        .contains("listening port: 51821")
        .contains("peer: " + peerKeys.publicKey());
  }

  @Test
  void syncconfKeepsTheSessionOfAnUnchangedPeer() {
    lab.keep(foreground());
    setGateway();
    addressGateway(lab.gateway);
    pings(lab.gateway, "10.9.0.2");
    long handshake = handshakeTime();
    String running = lab.gateway.run("wg", "showconf", "wg0");
    Keys newcomer = Keys.random();

    lab.gateway.feed(
        running + "\n[Peer]\nPublicKey = " + newcomer.publicKey() + "\nAllowedIPs = 10.9.0.3/32\n",
        "wg",
        "syncconf",
        "wg0",
        "/dev/stdin");

    assertThat(WgShow.of(lab.gateway, "wg0").peer(newcomer.publicKey()).allowedIps())
        .isEqualTo("10.9.0.3/32");
    pings(lab.gateway, "10.9.0.2");
    assertThat(handshakeTime()).isEqualTo(handshake);

    lab.gateway.feed(running, "wg", "syncconf", "wg0", "/dev/stdin");
    assertThat(WgShow.of(lab.gateway, "wg0").find(newcomer.publicKey())).isEmpty();
    pings(lab.gateway, "10.9.0.2");
    assertThat(handshakeTime()).isEqualTo(handshake);
  }

  @Test
  void wgCountsWhatPassed() {
    lab.keep(foreground());
    setGateway();
    addressGateway(lab.gateway);
    pings(lab.gateway, "10.9.0.2");
    WgShow.Peer before = WgShow.of(lab.gateway, "wg0").peer(peerKeys.publicKey());

    carriesTcp(lab.gateway, lab.peer, "10.9.0.2");

    WgShow.Peer after = WgShow.of(lab.gateway, "wg0").peer(peerKeys.publicKey());
    assertThat(after.sent() - before.sent()).isGreaterThan(1_000_000);
    assertThat(after.received() - before.received()).isGreaterThan(1_000_000);
  }

  @Test
  void keepsWorkingWhenItsInterfaceMovesToAnotherNamespace() {
    NetworkNamespace inner = lab.machine("inner");
    lab.keep(foreground());
    setGateway();

    lab.gateway.run("ip", "link", "set", "dev", "wg0", "netns", inner.name());
    addressGateway(inner);

    // The inner machine has nothing but the tunnel; the datagrams still leave where it was born.
    pings(inner, "10.9.0.2");
    pings(lab.peer, "10.9.0.1");
    carriesTcp(lab.peer, inner, "10.9.0.1");
  }

  @Test
  void stockWgQuickStartsAndStopsIt() throws IOException {
    Path file = lab.gateway.home().resolve("wg0.conf");
    Files.writeString(
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
        """
        [Interface]
        PrivateKey = %s
        Address = 10.9.0.1/24
        ListenPort = 51821
        [Peer]
        PublicKey = %s
        AllowedIPs = 10.9.0.0/24
        Endpoint = 203.0.113.2:51822
        """
            .formatted(gatewayKeys.privateKey(), peerKeys.publicKey()),
        UTF_8);
    StockWgQuick wgQuick = StockWgQuick.on(lab.gateway);

    wgQuick.run("up", file.toString());

    pings(lab.gateway, "10.9.0.2");
    assertThat(lab.gateway.run("ss", "-Hulpn", "sport", "=", ":51821")).contains("java");
    assertThat(lab.gateway.run("ip", "link", "show", "dev", "wg0")).contains("mtu 1420");

    wgQuick.run("down", file.toString());

    assertThat(lab.gateway.hasLink("wg0")).isFalse();
    eventually("the socket is gone", () -> !Files.exists(lab.gateway.uapiSocket("wg0")));
  }

  private Daemon foreground() {
    Daemon tunnel = lab.gateway.start(TUNNEL, "-f", "wg0");
    tunnel.ready("the socket is there", () -> Files.exists(lab.gateway.uapiSocket("wg0")));
    return tunnel;
  }

  private void setGateway() {
    lab.gateway.feed(
        gatewayKeys.privateKey(),
        "wg",
        "set",
        "wg0",
        "private-key",
        "/dev/stdin",
        "listen-port",
        "51821",
        "peer",
        peerKeys.publicKey(),
        "allowed-ips",
        "10.9.0.2/32",
        "endpoint",
        "203.0.113.2:51822");
  }

  private static void addressGateway(NetworkNamespace where) {
    where.run("ip", "address", "add", "10.9.0.1/24", "dev", "wg0");
    where.run("ip", "link", "set", "dev", "wg0", "mtu", "1420", "up");
  }

  private void startPeer() {
    lab.startWireGuardGo(lab.peer, "wg0");
    lab.peer.feed(
        peerKeys.privateKey(),
        "wg",
        "set",
        "wg0",
        "private-key",
        "/dev/stdin",
        "listen-port",
        "51822",
        "peer",
        gatewayKeys.publicKey(),
        "allowed-ips",
        "10.9.0.1/32");
    lab.peer.run("ip", "address", "add", "10.9.0.2/24", "dev", "wg0");
    lab.peer.run("ip", "link", "set", "dev", "wg0", "mtu", "1420", "up");
  }

  private long handshakeTime() {
    return WgShow.of(lab.gateway, "wg0").peer(peerKeys.publicKey()).latestHandshake();
  }
}
