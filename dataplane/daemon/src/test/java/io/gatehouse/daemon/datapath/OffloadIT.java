// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static io.gatehouse.daemon.datapath.Machine.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.daemon.datapath.OffloadState.Use;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.linux.UdpSendBatch;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.wgquick.PublicKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.module.ModuleDescriptor.Version;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Traffic of all kinds through two tunnels, with every choice of offloads and with a kernel that
 * refuses what it has granted. Needs root.
 *
 * <p>Machine a is 10.0.0.1 and fd00::1 inside, machine b 10.0.0.2 and fd00::2.
 */
class OffloadIT {
  private static final int PORT = 51820;
  private static final int SERVICE = 5201;
  private static final int TCP_OCTETS = 1_000_000;
  private static final String[] INSIDE = {"10.0.0.", "fd00::"};
  private static final boolean KERNEL_HAS_USO =
      Version.parse(System.getProperty("os.version").replaceFirst("^(\\d+\\.\\d+).*", "$1"))
              .compareTo(Version.parse("6.2"))
          >= 0;
  private static final UdpSocket.Options USUAL = UdpSocket.Options.DEFAULT;

  private final Random random = new Random(20261124);
  private Machine a;
  private Machine b;
  private Tunnel tunnelA;
  private Tunnel tunnelB;

  record Offloads(boolean tunTso, boolean tunUso, boolean udpGso, boolean udpGro) {
    TunDevice.Offloads tun() {
      return new TunDevice.Offloads(tunTso, tunUso);
    }

    UdpSocket.Options udp() {
      return new UdpSocket.Options(
          udpGso, udpGro, USUAL.sendBuffer(), USUAL.receiveBuffer(), false);
    }

    /** With these settings, on this kernel. */
    List<Use> uses() {
      return List.of(
          tunTso ? Use.ON : Use.OFF,
          tunUso ? KERNEL_HAS_USO ? Use.ON : Use.UNAVAILABLE : Use.OFF,
          udpGso ? Use.ON : Use.OFF,
          udpGro ? Use.ON : Use.OFF);
    }
  }

  static Stream<Offloads> all() {
    return IntStream.range(0, 16)
        .mapToObj(i -> new Offloads((i & 8) != 0, (i & 4) != 0, (i & 2) != 0, (i & 1) != 0));
  }

  @BeforeEach
  void start() throws Exception {
    Machine[] pair = Machine.pair();
    a = pair[0];
    b = pair[1];
  }

  @AfterEach
  void end() throws Exception {
    if (tunnelA != null) {
      tunnelA.close();
    }
    if (tunnelB != null) {
      tunnelB.close();
    }
    a.close();
    b.close();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyKindOfTrafficArrivesUnchangedBothWays(Offloads offloads) throws Exception {
    connect(offloads, offloads.tunTso == offloads.udpGso ? "203.0.113." : "2001:db8::", 1420);

    assertThat(tunnelA.offloads()).extracting(OffloadState::use).isEqualTo(offloads.uses());
    String features = a.run("ethtool", "-k", "wg0");
    assertThat(features)
        .contains("tcp-segmentation-offload: " + onOff(offloads.tunTso))
        .contains("tx-udp-segmentation: " + onOff(offloads.uses().get(1) == Use.ON));
    for (String network : INSIDE) {
      assertThat(a.ping(network + 2, 1) + b.ping(network + 1, 1)).isEqualTo(2);
      tcp(network);
      udp(a, b, network + 2);
      udp(b, a, network + 1);
    }
    assertThat(tunnelA.offloads()).allMatch(state -> state.fallbacks() == 0);
    assertThat(tunnelB.offloads()).allMatch(state -> state.fallbacks() == 0);
  }

  @Test
  void aWayThatTakesNoRunsIsToldAndNothingIsLost() throws Exception {
    a.ip("route", "add", "203.0.113.2/32", "dev", "eth0", "mtu", "lock", "1000");
    connect(new Offloads(true, true, true, true), "203.0.113.", 1420);

    tcp(INSIDE[0]);
    udp(a, b, "10.0.0.2");

    OffloadState gso = tunnelA.offloads().get(2);
    assertThat(gso.offload()).isEqualTo(Offload.UDP_GSO);
    assertThat(gso.use()).isEqualTo(Use.ON);
    // Once for each length of datagram that is shorter than all before.
    assertThat(gso.fallbacks()).isPositive();
    assertThat(gso.error()).isIn("EINVAL", "EMSGSIZE");
    assertThat(tunnelB.offloads().get(2).fallbacks()).isZero();
    assertThat(dropped(tunnelA)).isZero();
  }

  @Test
  void aDeviceMadeWithoutOffloadsElsewhereHasNoneAndCarriesAllTheSame() throws Exception {
    // Its descriptor is the tunnel's, who closes it.
    TunDevice made = a.inside(() -> TunDevice.open("wg0", TunDevice.Offloads.NONE));
    tunnelA = a.tunnel(TunDevice.adopt(made.fd()));
    tunnelB = b.tunnel("wg0");
    join("203.0.113.", 1420);

    assertThat(tunnelA.offloads())
        .extracting(OffloadState::use)
        .containsExactly(Use.UNAVAILABLE, Use.UNAVAILABLE, Use.ON, Use.ON);
    tcp(INSIDE[0]);
    udp(a, b, "10.0.0.2");
    udp(b, a, "10.0.0.1");
  }

  @Test
  void aPacketThatFindsNoRoomInTheSocketIsCountedAndTheNextOnePasses() throws Exception {
    // A datagram this long leaves in more fragments than twice the smallest send buffer holds.
    UdpSocket.Options small = new UdpSocket.Options(true, true, 1, USUAL.receiveBuffer(), false);
    tunnelA = a.tunnel("wg0", TunDevice.Offloads.ALL, small);
    tunnelB = b.tunnel("wg0");
    join("203.0.113.", 60_000);
    assertThat(a.ping("10.0.0.2", 1)).isEqualTo(1);

    long before = dropped(tunnelA);
    try (Datagrams large = new Datagrams(a, 0)) {
      large.send(
          Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), SERVICE)),
          0,
          new byte[50_000]);
      eventually("it is counted", () -> dropped(tunnelA) == before + 1);
    }

    assertThat(a.ping("10.0.0.2", 1)).isEqualTo(1);
    assertThat(dropped(tunnelA)).isEqualTo(before + 1);
  }

  private void connect(Offloads offloads, String network, int mtu) throws Exception {
    tunnelA = a.tunnel("wg0", offloads.tun(), offloads.udp());
    tunnelB = b.tunnel("wg0", offloads.tun(), offloads.udp());
    join(network, mtu);
  }

  /** Makes the tunnels each other's peer; the network is that between the machines. */
  private void join(String network, int mtu) throws Exception {
    PublicKey keyOfA = prepare(tunnelA);
    PublicKey keyOfB = prepare(tunnelB);
    tunnelA.apply(Changes.peerAt(keyOfB, network + 2, PORT, "10.0.0.2/32", "fd00::2/128"));
    tunnelB.apply(Changes.peerAt(keyOfA, network + 1, PORT, "10.0.0.1/32", "fd00::1/128"));
    up(a, tunnelA, 1, mtu);
    up(b, tunnelB, 2, mtu);
  }

  private static PublicKey prepare(Tunnel tunnel) throws Exception {
    tunnel.apply(Changes.privateKey(HandMadePeer.randomKey()));
    tunnel.apply(Changes.port(PORT));
    return tunnel.snapshot().publicKey().orElseThrow();
  }

  private static void up(Machine machine, Tunnel tunnel, int number, int mtu) throws Exception {
    machine.ip("addr", "add", "10.0.0." + number + "/24", "dev", "wg0");
    machine.ip("addr", "add", "fd00::" + number + "/64", "dev", "wg0", "nodad");
    machine.ip("link", "set", "wg0", "mtu", String.valueOf(mtu), "up");
    eventually("the tunnel is up", tunnel::isUp);
  }

  private static String onOff(boolean on) {
    return on ? "on" : "off";
  }

  private static long dropped(Tunnel tunnel) {
    return tunnel.snapshot().peers().getFirst().drops().getOrDefault(DropReason.SOCKET_FAILED, 0L);
  }

  /** From a to b over one connection, then back. */
  private void tcp(String network) throws Exception {
    byte[] there = bytes(TCP_OCTETS);
    byte[] back = bytes(TCP_OCTETS);
    InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral(network + 2), SERVICE);
    try (ServerSocket server =
        b.inside(() -> new ServerSocket(SERVICE, 1, InetAddress.ofLiteral(network + 2)))) {
      CompletableFuture<String> arrived =
          CompletableFuture.supplyAsync(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.setSoTimeout(60_000);
                  String digest = digest(socket.getInputStream().readAllBytes());
                  socket.getOutputStream().write(back);
                  return digest;
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      try (Socket socket = a.inside(() -> new Socket(to.getAddress(), to.getPort()))) {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(there);
        socket.shutdownOutput();
        assertThat(digest(socket.getInputStream().readAllBytes())).isEqualTo(digest(back));
      }
      assertThat(arrived.get(60, TimeUnit.SECONDS)).isEqualTo(digest(there));
    }
  }

  /** Runs of datagrams that the kernel hands over whole where it may, and single ones. */
  private void udp(Machine from, Machine to, String address) throws Exception {
    InetAddress target = InetAddress.ofLiteral(address);
    byte[] octets = bytes(1 << 16);
    MemorySegment memory = Arena.ofAuto().allocate(octets.length);
    MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, 0, octets.length);
    UdpSendBatch batch = new UdpSendBatch(4);
    try (UdpSocket sender = from.inside(() -> UdpSocket.bind(0, USUAL));
        DatagramSocket receiver =
            to.inside(() -> new DatagramSocket(new InetSocketAddress(target, 0)))) {
      receiver.setSoTimeout(60_000);
      Endpoint end = Endpoint.of(new InetSocketAddress(target, receiver.getLocalPort()));
      // Small, large, uneven, the longest that fits, and one that is fragmented inside.
      for (int[] run :
          new int[][] {
            {64 * 20, 64}, {1000 * 30 + 7, 1000}, {1372 * 2, 1372}, {1, 1}, {5000, 5000}
          }) {
        batch.add(
            memory,
            0,
            run[0],
            run[1],
            end.addressHigh(),
            end.addressLow(),
            end.port(),
            0,
            0,
            0,
            0,
            0);
        assertThat(batch.flush(sender)).isEqualTo(1);
        MessageDigest sum = MessageDigest.getInstance("SHA-256");
        for (int at = 0; at < run[0]; at += run[1]) {
          DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
          receiver.receive(packet);
          assertThat(packet.getLength()).isEqualTo(Math.min(run[1], run[0] - at));
          sum.update(packet.getData(), 0, packet.getLength());
        }
        MessageDigest expected = MessageDigest.getInstance("SHA-256");
        expected.update(octets, 0, run[0]);
        assertThat(HexFormat.of().formatHex(sum.digest()))
            .isEqualTo(HexFormat.of().formatHex(expected.digest()));
      }
    }
  }

  private static String digest(byte[] octets) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
