// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static io.gatehouse.daemon.datapath.Machine.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gatehouse.daemon.datapath.Datagrams.Received;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.wgquick.PublicKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the rules of a packet's way look like on the wire: a tunnel on a real TUN device and a peer
 * moved by hand. Needs root.
 *
 * <p>The tunnel's machine is 10.0.0.2 inside, the peer 10.0.0.1.
 */
class PacketPathIT {
  private static final int PORT = 51820;
  private static final int MTU = 1420;

  private final Random random = new Random(20);
  private Machine a;
  private Machine b;
  private Tunnel tunnel;
  private PublicKey tunnelKey;
  private HandMadePeer peer;
  private Datagrams inside;

  @BeforeEach
  void start() throws Exception {
    Machine[] pair = Machine.pair();
    a = pair[0];
    b = pair[1];
    a.withoutIpv6();
    tunnel = a.tunnel("wg0");
    tunnel.apply(Changes.privateKey(HandMadePeer.randomKey()));
    tunnel.apply(Changes.port(PORT));
    tunnelKey = tunnel.snapshot().publicKey().orElseThrow();
    peer = new HandMadePeer(b, tunnelKey, "203.0.113.1", PORT);
    tunnel.apply(Changes.peer(peer.publicKey(), "10.0.0.1/32"));
    a.ip("addr", "add", "10.0.0.2/24", "dev", "wg0");
    a.ip("link", "set", "wg0", "mtu", String.valueOf(MTU), "up");
    eventually("the tunnel is up", tunnel::isUp);
    inside = new Datagrams(a, 5201);
  }

  @AfterEach
  void end() throws Exception {
    inside.close();
    peer.close();
    tunnel.close();
    a.close();
    b.close();
  }

  @Test
  void whatIsSentIsPaddedWithZerosTo16ButNeverAboveTheMtu() {
    peer.shakeHands();
    for (int length : new int[] {29, 32, 100, 1408, 1409, MTU - 1, MTU}) {
      inside.send(to("10.0.0.1"), 0, new byte[length - 28]);

      byte[] plaintext = peer.opened(peer.receiveData());

      assertThat(plaintext).hasSize(Math.min(MTU, length + 15 & ~15));
      assertThat(Arrays.copyOfRange(plaintext, length, plaintext.length))
          .isEqualTo(new byte[plaintext.length - length]);
    }
  }

  @Test
  void aMovedMtuMovesTheLimitOfThePadding() throws Exception {
    peer.shakeHands();
    a.ip("link", "set", "wg0", "mtu", "1401");
    eventually("the tunnel has heard of it", () -> tunnel.mtu() == 1401);

    inside.send(to("10.0.0.1"), 0, new byte[1401 - 28]);

    assertThat(peer.opened(peer.receiveData())).hasSize(1401);
  }

  @Test
  void whatIsReceivedIsCutToItsIpLength() {
    peer.shakeHands();
    byte[] packet = SuperPackets.packet(random, false, 17, 7, 0, 0, octets(50));
    long before = tunnel.counters().rxBytes();

    peer.send(peer.sealed(Arrays.copyOf(packet, packet.length + 100)));

    assertThat(inside.receive().octets()).isEqualTo(Arrays.copyOfRange(packet, 28, 78));
    assertThat(tunnel.counters().rxBytes() - before).isEqualTo(packet.length);
  }

  @Test
  void theUdpPortCountsAllThatComesAndGoes() throws Exception {
    TunnelCounters.Udp before = tunnel.counters().udp();

    // An initiation of 148 octets, its answer of 92, and an empty packet of 32.
    peer.shakeHands();
    peer.send(new byte[] {1, 2, 3}); // no WireGuard at all
    byte[] sealed = peer.sealed(SuperPackets.packet(random, false, 17, 7, 0, 0, octets(50)));
    peer.send(sealed);
    inside.send(to("10.0.0.1"), 0, new byte[100]);
    byte[] answer = peer.receiveData().octets();

    eventually(
        "all are counted",
        () ->
            tunnel
                .counters()
                .udp()
                .equals(
                    new TunnelCounters.Udp(
                        before.rxDatagrams() + 4,
                        before.txDatagrams() + 2,
                        before.rxBytes() + 148 + 32 + 3 + sealed.length,
                        before.txBytes() + 92 + answer.length)));
  }

  @Test
  void noPacketLongerThanItsDatagramOrWithABadHeaderComesIn() throws Exception {
    peer.shakeHands();
    byte[] v4 = SuperPackets.packet(random, false, 17, 7, 0, 0, octets(50));
    byte[] v6 = SuperPackets.packet(random, true, 17, 7, 0, 0, octets(50));
    long before = malformed();

    peer.send(peer.sealed(with(v4, 3, v4[3] + 1))); // total length above what is there
    peer.send(peer.sealed(with(v4, 3, 19))); // below the header
    peer.send(peer.sealed(with(v4, 0, 0x44))); // header length 16
    peer.send(peer.sealed(with(v4, 0, 0x4f, 3, 59))); // header longer than the packet
    peer.send(peer.sealed(with(v4, 0, 0x55))); // version 5
    peer.send(peer.sealed(new byte[] {0x45}));
    peer.send(peer.sealed(Arrays.copyOf(v6, 39)));
    // Payload length 65,535 and the header of 40: more than 16 bits can say.
    peer.send(peer.sealed(with(v6, 4, 0xff, 5, 0xff)));

    eventually("all are counted", () -> malformed() - before == 8);
    assertThat(inside.poll(0)).isEmpty();
  }

  @Test
  void aSourceIsThePeersByLongestMatchInTheWholeTable() throws Exception {
    try (HandMadePeer narrow = new HandMadePeer(b, tunnelKey, "203.0.113.1", PORT)) {
      tunnel.apply(Changes.peer(peer.publicKey(), "10.0.0.0/24"));
      tunnel.apply(Changes.peer(narrow.publicKey(), "10.0.0.128/25"));
      peer.shakeHands();
      byte[] packet = SuperPackets.packet(random, false, 17, 7, 0, 0, octets(9));
      byte[] narrows = with(packet, 15, 200);

      peer.send(peer.sealed(narrows));

      eventually("it is counted", () -> drops(DropReason.SOURCE_NOT_ALLOWED) == 1);
      peer.send(peer.sealed(packet));
      assertThat(inside.receive().octets()).hasSize(9);
      assertThat(inside.poll(0)).isEmpty();
    }
  }

  @Test
  void congestionMarksCrossTheTunnelBothWaysAndTheDscpDoesNot() {
    int[] outer = {0, 1, 2, 2};
    // The first goes while there is no session: it waits and keeps its mark.
    tunnelInitiates();
    inside.send(to("10.0.0.1"), 0xb8 | 3, octets(9));
    Received initiation = peer.answerHandshake();
    assertThat(initiation.trafficClass()).isEqualTo(0x88);
    Received waited = peer.receiveData();
    assertThat(waited.trafficClass()).isEqualTo(outer[3]);
    assertThat(peer.opened(waited)[1]).isEqualTo((byte) (0xb8 | 3));
    for (int ecn = 0; ecn < 4; ecn++) {
      inside.send(to("10.0.0.1"), 0xb8 | ecn, octets(9));
      assertThat(peer.receiveData().trafficClass()).isEqualTo(outer[ecn]);
    }

    byte[] packet = SuperPackets.packet(random, false, 17, 7, 0, 0, octets(9));
    for (int[] mark : new int[][] {{2, 2, 2}, {2, 3, 3}, {1, 3, 3}, {2, 1, 1}, {0, 2, 0}}) {
      byte[] inner = with(packet, 1, 0x28 | mark[0], 10, 0, 11, 0);
      int sum = ~SuperPackets.slowChecksum(inner, 0, 20, 0);
      peer.datagrams()
          .send(peer.tunnelAt(), 0x48 | mark[1], peer.sealed(with(inner, 10, sum >> 8, 11, sum)));
      assertThat(inside.receive().trafficClass()).isEqualTo(0x28 | mark[2]);
    }
  }

  @Test
  void aResponseGoesBeforeBulkTrafficToo() {
    peer.send(peer.initiation(Instant.now()));

    assertThat(peer.datagrams().receive().trafficClass()).isEqualTo(0x88);
  }

  @Test
  void atMost128PacketsWaitTheOldestGoesAndTheRestLeavesInOrder() throws Exception {
    tunnelInitiates();
    for (int i = 0; i < 140; i++) {
      inside.send(to("10.0.0.1"), 0, new byte[] {(byte) i});
    }
    eventually("twelve are gone", () -> drops(DropReason.QUEUE_FULL) == 12);

    peer.answerHandshake();

    for (int i = 12; i < 140; i++) {
      assertThat(peer.opened(peer.receiveData())[28]).isEqualTo((byte) i);
    }
  }

  @Test
  void theNetworkMayFragmentWhatIsTooLongForIt() throws Exception {
    a.ip("link", "set", "wg0", "mtu", "3000");
    peer.shakeHands();

    inside.send(to("10.0.0.1"), 0, octets(2900));

    assertThat(peer.opened(peer.receiveData())).hasSize(2928);
  }

  @Test
  void whoSendsWhereNoWayLeadsIsTold() throws Exception {
    assertThat(a.run("sh", "-c", "ping -c 1 -W 5 10.0.0.77 || true"))
        .contains("From 10.0.0.77")
        .contains("Destination Host Unreachable");
    // This peer's endpoint is not known yet.
    assertThat(a.run("sh", "-c", "ping -c 1 -W 5 10.0.0.1 || true"))
        .contains("Destination Host Unreachable");
    assertThat(drops(DropReason.NO_PEER_FOR_DESTINATION)).isEqualTo(1);
    assertThat(drops(DropReason.NO_ENDPOINT)).isEqualTo(1);

    a.run("sysctl", "-qw", "net.ipv6.conf.wg0.disable_ipv6=0");
    a.ip("addr", "add", "fd09::1/64", "dev", "wg0", "nodad");
    // The kernel takes a moment to know the new address as its own.
    assertThat(a.run("sh", "-c", "ping -c 5 -i 0.2 -W 5 fd09::77 || true"))
        .contains("From fd09::77")
        .contains("Address unreachable");
  }

  @Test
  void answersLeaveFromTheAddressThatWasSpokenTo() throws Exception {
    a.ip("addr", "add", "203.0.113.11/24", "dev", "eth0");
    peer.close();
    peer = new HandMadePeer(b, tunnelKey, "203.0.113.11", PORT);
    tunnel.apply(Changes.peer(peer.publicKey(), "10.0.0.1/32"));
    peer.shakeHands();

    inside.send(to("10.0.0.1"), 0, octets(9));

    assertThat(addressOf(peer.receiveData())).isEqualTo("203.0.113.11");
  }

  @Test
  void whenThatAddressGoesAwayNotOnePacketIsLost() throws Exception {
    a.ip("addr", "add", "203.0.113.11/24", "dev", "eth0");
    peer.close();
    peer = new HandMadePeer(b, tunnelKey, "203.0.113.11", PORT);
    tunnel.apply(Changes.peer(peer.publicKey(), "10.0.0.1/32"));
    peer.shakeHands();

    a.ip("addr", "del", "203.0.113.11/24", "dev", "eth0");
    for (int i = 0; i < 5; i++) {
      inside.send(to("10.0.0.1"), 0, new byte[] {(byte) i});
      Received data = peer.receiveData();
      assertThat(addressOf(data)).isEqualTo("203.0.113.1");
      assertThat(peer.opened(data)[28]).isEqualTo((byte) i);
    }
    assertThat(tunnel.counters().txDrops()).isZero();
  }

  @Test
  void aMarkCountsFromTheNextPacketOn() throws Exception {
    a.ip("rule", "add", "fwmark", "0x42", "prohibit");
    peer.shakeHands();
    inside.send(to("10.0.0.1"), 0, octets(9));
    peer.receiveData();

    tunnel.apply(Changes.fwMark(0x42));
    inside.send(to("10.0.0.1"), 0, octets(9));
    eventually("it is refused", () -> drops(DropReason.SOCKET_FAILED) == 1);

    tunnel.apply(Changes.fwMark(0));
    inside.send(to("10.0.0.1"), 0, octets(9));
    peer.receiveData();
    assertThat(drops(DropReason.SOCKET_FAILED)).isEqualTo(1);
  }

  @Test
  void port0IsARandomOneThatBothFamiliesHave() throws Exception {
    tunnel.apply(Changes.port(0));
    int first = tunnel.snapshot().listenPort();
    tunnel.apply(Changes.port(0));
    int second = tunnel.snapshot().listenPort();

    assertThat(first).isBetween(1, 65535);
    assertThat(second).isBetween(1, 65535).isNotEqualTo(first);
    String bound = a.run("ss", "-Hulpn", "sport", "=", ":" + second);
    assertThat(bound.lines()).hasSize(1).first().asString().contains("*:" + second);
    for (String address : new String[] {"203.0.113.1", "2001:db8::1"}) {
      try (HandMadePeer other = new HandMadePeer(b, tunnelKey, address, second)) {
        tunnel.apply(Changes.peer(other.publicKey()));
        other.shakeHands();
      }
    }
  }

  @Test
  void aUsedPortIsRefusedAndTheOldOneGoesOn() throws Exception {
    peer.shakeHands();
    try (Datagrams other = new Datagrams(a, 0)) {
      assertThatExceptionOfType(LinuxException.class)
          .isThrownBy(() -> tunnel.apply(Changes.port(other.port())))
          .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EADDRINUSE"));
    }

    assertThat(tunnel.snapshot().listenPort()).isEqualTo(PORT);
    inside.send(to("10.0.0.1"), 0, octets(9));
    assertThat(peer.receiveData().from().port()).isEqualTo(PORT);
  }

  @Test
  void packetsOfAFlowKeepTheirOrder() {
    peer.shakeHands();
    byte[][] burst = new byte[200][];
    for (int i = 0; i < burst.length; i++) {
      burst[i] = octets(1 + random.nextInt(1300));
      burst[i][0] = (byte) i;
    }

    inside.send(to("10.0.0.1"), 0, burst);
    for (int i = 0; i < burst.length; i++) {
      assertThat(peer.opened(peer.receiveData())[28]).isEqualTo((byte) i);
    }

    byte[][] back = new byte[100][];
    for (int i = 0; i < back.length; i++) {
      byte[] payload = octets(1 + random.nextInt(1300));
      payload[0] = (byte) i;
      back[i] = peer.sealed(SuperPackets.packet(random, false, 17, 7, 0, 0, payload));
    }
    peer.datagrams().send(peer.tunnelAt(), 0, back);
    for (int i = 0; i < back.length; i++) {
      assertThat(inside.receive().octets()[0]).isEqualTo((byte) i);
    }
  }

  /** Gives the tunnel the peer's endpoint, so that it is the tunnel that begins. */
  private void tunnelInitiates() {
    try {
      tunnel.apply(Changes.peerAt(peer.publicKey(), "203.0.113.2", peer.port(), "10.0.0.1/32"));
    } catch (LinuxException e) {
      throw new AssertionError(e);
    }
  }

  private long malformed() {
    return drops(DropReason.MALFORMED);
  }

  private long drops(DropReason reason) {
    return DropCounts.of(tunnel, reason);
  }

  private static String addressOf(Received datagram) {
    return datagram.from().address().getHostAddress();
  }

  private static Endpoint to(String address) {
    return Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral(address), 5201));
  }

  private byte[] octets(int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    return octets;
  }

  /** A copy with other octets: offset and value in turn. */
  private static byte[] with(byte[] packet, int... changes) {
    byte[] copy = packet.clone();
    for (int i = 0; i < changes.length; i += 2) {
      copy[changes[i]] = (byte) changes[i + 1];
    }
    return copy;
  }
}
