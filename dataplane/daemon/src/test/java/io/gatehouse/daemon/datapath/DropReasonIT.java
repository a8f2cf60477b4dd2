// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static io.gatehouse.daemon.datapath.Machine.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.daemon.datapath.Datagrams.Received;
import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DeviceOutput;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.aead.AeadEngines;
import io.gatehouse.wgquick.PublicKey;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Why was it dropped: for each reason one packet moves one counter by one, and no other. A real
 * tunnel, and a peer moved by hand; the name of each test begins with its reason. Needs root.
 */
class DropReasonIT {
  private static final int PORT = 51820;
  private static final Set<DropReason> SHOWN = EnumSet.noneOf(DropReason.class);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Random random = new Random(18);
  private Machine a;
  private Machine b;
  private Tunnel tunnel;
  private PublicKey tunnelKey;
  private HandMadePeer peer;
  private Datagrams inside;

  /** Something that sends one packet. */
  private interface Packet {
    void send() throws Exception;
  }

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
    peer = anotherPeer();
    tunnel.apply(Changes.peer(peer.publicKey(), "10.0.0.1/32"));
    a.ip("addr", "add", "10.0.0.2/24", "dev", "wg0");
    a.ip("link", "set", "wg0", "mtu", "1420", "up");
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

  @AfterAll
  static void everyReasonWasShown() {
    assertThat(SHOWN).containsExactlyInAnyOrder(DropReason.values());
  }

  @Test
  void malformed() throws Exception {
    moves(DropReason.MALFORMED, () -> peer.send(new byte[7]));
    moves(DropReason.MALFORMED, () -> peer.send(new byte[0]));
    byte[] short1 = Arrays.copyOf(peer.initiation(Instant.now()), 147);
    moves(DropReason.MALFORMED, () -> peer.send(short1));
  }

  @Test
  void malformedInside() throws Exception {
    peer.shakeHands();
    movesOf(peer, DropReason.MALFORMED, () -> peer.send(peer.sealed(new byte[64])));
  }

  @Test
  void unknownType() throws Exception {
    byte[] message = peer.initiation(Instant.now());
    message[1] = 1; // one of the reserved bits
    moves(DropReason.UNKNOWN_TYPE, () -> peer.send(message));
  }

  @Test
  void badMac1() throws Exception {
    byte[] message = peer.initiation(Instant.now());
    message[116] ^= 1;
    moves(DropReason.BAD_MAC1, () -> peer.send(message));
  }

  @Test
  void badCookie() throws Exception {
    tunnelInitiates();
    inside.send(to("10.0.0.1"), 0, new byte[1]);
    Received initiation = peer.datagrams().receive();
    byte[] reply = new byte[64];
    reply[0] = 3;
    System.arraycopy(initiation.octets(), 4, reply, 4, 4);
    movesOf(peer, DropReason.BAD_COOKIE, () -> peer.send(reply));
  }

  @Test
  void unknownPeer() throws Exception {
    try (HandMadePeer stranger = anotherPeer()) {
      moves(DropReason.UNKNOWN_PEER, () -> stranger.send(stranger.initiation(Instant.now())));
    }
  }

  @Test
  void unknownIndex() throws Exception {
    byte[] message = new byte[64];
    message[0] = 4;
    moves(DropReason.UNKNOWN_INDEX, () -> peer.send(message));
  }

  @Test
  void authFailed() throws Exception {
    peer.shakeHands();
    byte[] message = peer.sealed(packet());
    message[message.length - 1] ^= 1;
    movesOf(peer, DropReason.AUTH_FAILED, () -> peer.send(message));
  }

  @Test
  void replayed() throws Exception {
    peer.shakeHands();
    byte[] message = peer.sealed(packet());
    peer.send(message);
    inside.receive();
    movesOf(peer, DropReason.REPLAYED, () -> peer.send(message));
  }

  @Test
  void keypairExpired() throws Exception {
    peer.shakeHands();
    byte[] message = peer.sealed(packet());
    Arrays.fill(message, 8, 16, (byte) 0xff); // a counter that no session may reach
    movesOf(peer, DropReason.KEYPAIR_EXPIRED, () -> peer.send(message));
  }

  @Test
  void sourceNotAllowed() throws Exception {
    peer.shakeHands();
    byte[] packet = packet();
    packet[15] = 99;
    movesOf(peer, DropReason.SOURCE_NOT_ALLOWED, () -> peer.send(peer.sealed(packet)));
  }

  @Test
  void noPeerForDestination() throws Exception {
    moves(DropReason.NO_PEER_FOR_DESTINATION, () -> inside.send(to("10.0.0.77"), 0, new byte[1]));
  }

  @Test
  void noEndpoint() throws Exception {
    movesOf(peer, DropReason.NO_ENDPOINT, () -> inside.send(to("10.0.0.1"), 0, new byte[1]));
  }

  @Test
  void handshakeTimeout() throws Exception {
    // The 90 s and their jitters pass on the clock that the control thread gives; the packet thread
    // is a real one.
    try (EventFd wake = EventFd.open();
        OnePacket source = new OnePacket(packet())) {
      long now = System.nanoTime();
      TransmitLoop[] loop = new TransmitLoop[1];
      CountDownLatch asked = new CountDownLatch(1);
      Device device =
          new Device(
              output(message -> {}, woken -> loop[0].wake(woken)), RANDOM, Instant::now, now);
      loop[0] =
          new TransmitLoop(
              source,
              source,
              device,
              AeadEngines.choose("bouncycastle").create(),
              wake,
              new Fallbacks(text -> {}),
              attention -> asked.countDown(),
              Workers.none());
      device.apply(Changes.privateKey(HandMadePeer.randomKey()), now);
      device.apply(Changes.peerAt(peer.publicKey(), "203.0.113.2", peer.port(), "0.0.0.0/0"), now);
      device.up(now);
      Peer silent = device.peers().getFirst();
      try (var _ = new LoneDirection(loop[0])) {
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
        device.service(silent, now);
        assertThat(silent.drops()).isEmpty();
        for (int second = 0; second < 200; second++) {
          device.advance(now + TimeUnit.SECONDS.toNanos(second));
        }
        eventually("it is dropped", () -> silent.drops(DropReason.HANDSHAKE_TIMEOUT) == 1);
        assertThat(silent.drops()).isEqualTo(Map.of(DropReason.HANDSHAKE_TIMEOUT, 1L));
        shown(DropReason.HANDSHAKE_TIMEOUT);
      }
    }
  }

  @Test
  void queueFull() throws Exception {
    tunnelInitiates();
    inside.send(to("10.0.0.1"), 0, new byte[128][1]);
    eventually("all wait", () -> tunnel.counters().txPackets() == 128);
    movesOf(peer, DropReason.QUEUE_FULL, () -> inside.send(to("10.0.0.1"), 0, new byte[1]));
  }

  @Test
  void tooBig() throws Exception {
    a.ip("link", "set", "wg0", "mtu", "65535");
    peer.shakeHands();
    movesOf(peer, DropReason.TOO_BIG, () -> inside.send(to("10.0.0.1"), 0, new byte[65480]));
  }

  @Test
  void rateLimited() throws Exception {
    Instant now = Instant.now();
    byte[] first = peer.initiation(now);
    byte[] second = peer.initiation(now.plusSeconds(1));
    movesOf(
        peer,
        DropReason.RATE_LIMITED,
        () -> peer.datagrams().send(peer.tunnelAt(), 0, first, second));
  }

  @Test
  void tunnelWriteFailed() throws Exception {
    // Only while the interface is down, which ends all sessions: here nobody tells the device.
    TunDevice down = a.inside(() -> TunDevice.open("wg1", TunDevice.Offloads.ALL));
    UdpSocket socket = a.inside(() -> UdpSocket.bind(0, UdpSocket.Options.DEFAULT));
    Deque<byte[]> answers = new ArrayDeque<>();
    long now = System.nanoTime();
    Device device = new Device(output(answers::add, woken -> {}), RANDOM, Instant::now, now);
    device.apply(Changes.privateKey(HandMadePeer.randomKey()), now);
    PublicKey key = device.snapshot(now).publicKey().orElseThrow();
    try (down;
        socket;
        EventFd wake = EventFd.open();
        HandMadePeer talker = new HandMadePeer(b, key, "203.0.113.1", socket.port())) {
      device.apply(Changes.peer(talker.publicKey(), "10.0.0.1/32"), now);
      device.up(now);
      byte[] initiation = talker.initiation(Instant.now());
      device.receive(initiation, initiation.length, talker.tunnelAt(), false, now);
      talker.take(answers.remove());
      Peer known = device.peers().getFirst();
      ReceiveLoop loop =
          new ReceiveLoop(
              new TunPackets(down),
              device,
              AeadEngines.choose("bouncycastle").create(),
              wake,
              new HandshakeQueue(),
              new Fallbacks(text -> {}),
              () -> {},
              served -> {},
              Workers.none());
      try (var _ = new LoneDirection(loop)) {
        loop.socket(socket);
        talker.send(talker.sealed(packet()));
        eventually("it is counted", () -> known.drops(DropReason.TUNNEL_WRITE_FAILED) == 1);
        assertThat(known.drops()).isEqualTo(Map.of(DropReason.TUNNEL_WRITE_FAILED, 1L));
        shown(DropReason.TUNNEL_WRITE_FAILED);
      }
    }
  }

  @Test
  void socketFailed() throws Exception {
    peer.shakeHands();
    a.run(
        "nft",
        "add table inet t; add chain inet t o { type filter hook output priority 0; };"
            + " add rule inet t o udp dport "
            + peer.port()
            + " drop");
    movesOf(peer, DropReason.SOCKET_FAILED, () -> inside.send(to("10.0.0.1"), 0, new byte[1]));
  }

  /** The tunnel itself counts it: nobody knows whose the packet was. */
  private void moves(DropReason reason, Packet packet) throws Exception {
    moves("tunnel " + reason, packet);
    shown(reason);
  }

  private void movesOf(HandMadePeer of, DropReason reason, Packet packet) throws Exception {
    moves(of.publicKey() + " " + reason, packet);
    shown(reason);
  }

  private void moves(String count, Packet packet) throws Exception {
    Map<String, Long> expected = new TreeMap<>(DropCounts.all(tunnel));
    expected.merge(count, 1L, Long::sum);
    packet.send();
    eventually(
        count + " moves",
        () -> DropCounts.all(tunnel).getOrDefault(count, 0L) >= expected.get(count));
    assertThat(DropCounts.all(tunnel)).isEqualTo(expected);
  }

  private static synchronized void shown(DropReason reason) {
    SHOWN.add(reason);
  }

  private HandMadePeer anotherPeer() throws Exception {
    return new HandMadePeer(b, tunnelKey, "203.0.113.1", PORT);
  }

  /** Gives the tunnel the peer's endpoint, so that it is the tunnel that begins. */
  private void tunnelInitiates() throws Exception {
    tunnel.apply(Changes.peerAt(peer.publicKey(), "203.0.113.2", peer.port(), "10.0.0.1/32"));
  }

  /** From the peer's inner address to the tunnel's. */
  private byte[] packet() {
    return SuperPackets.packet(random, false, 17, 7, 0, 0, new byte[20]);
  }

  private static Endpoint to(String address) {
    return Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral(address), 5201));
  }

  private static DeviceOutput output(Consumer<byte[]> handshakes, Consumer<Peer> wake) {
    return new DeviceOutput() {
      @Override
      public boolean sendHandshake(byte[] message, Endpoint to) {
        handshakes.accept(message);
        return true;
      }

      @Override
      public void wakeTransmit(Peer peer) {
        wake.accept(peer);
      }
    };
  }

  /** A source that has one packet. */
  private static final class OnePacket implements PacketSource, PacketSink, AutoCloseable {
    private final EventFd ready;
    private final byte[] packet;
    private boolean taken;

    OnePacket(byte[] packet) throws Exception {
      this.packet = packet;
      ready = EventFd.open();
      ready.signal();
    }

    @Override
    public int fd() {
      return ready.fd();
    }

    @Override
    public boolean vnetHeader() {
      return false;
    }

    @Override
    public boolean tso() {
      return false;
    }

    @Override
    public boolean uso() {
      return false;
    }

    @Override
    public int read(MemorySegment memory, long offset, int length) {
      if (taken) {
        return 0;
      }
      ready.drain();
      taken = true;
      MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, offset, packet.length);
      return packet.length;
    }

    @Override
    public int write(MemorySegment memory, long offset, int length) {
      throw new AssertionError("nothing is to be written");
    }

    @Override
    public int writev(MemorySegment iovecs, long offset, int count) {
      throw new AssertionError("nothing is to be written");
    }

    @Override
    public void close() {
      ready.close();
    }
  }
}
