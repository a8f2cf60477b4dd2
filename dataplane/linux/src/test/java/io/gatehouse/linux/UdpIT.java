// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** UDP by batches between real sockets in a namespace with IPv4 and IPv6. */
class UdpIT {
  private static final long MAPPED = 0xffff_0000_0000L;
  private static final long LOOPBACK_4 = MAPPED | 0x7f00_0001L;

  private TestNamespace namespace;
  private final MemorySegment memory = Arena.ofAuto().allocate(65536);
  private final Random random = new Random(20250101);

  @BeforeEach
  void makeNamespace() throws Exception {
    namespace = new TestNamespace();
    byte[] octets = new byte[65536];
    random.nextBytes(octets);
    MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, 0, octets.length);
  }

  @AfterEach
  void removeNamespace() throws Exception {
    namespace.close();
  }

  @Test
  void runLeavesAsSeparateDatagrams() throws Exception {
    for (UdpSocket.Options options :
        new UdpSocket.Options[] {UdpSocket.Options.DEFAULT, UdpSocket.Options.PLAIN}) {
      try (UdpSocket socket = bind(options);
          DatagramSocket receiver = receiver("127.0.0.1")) {
        assertThat(socket.gso()).isEqualTo(options.gso());
        UdpSendBatch batch = new UdpSendBatch(4);
        add4(batch, 100, 10 * 1000 + 7, 1000, receiver.getLocalPort(), 0, 0);
        add4(batch, 0, 50, 50, receiver.getLocalPort(), 0, 0);

        assertThat(batch.flush(socket)).isEqualTo(2);
        for (int i = 0; i < 10; i++) {
          assertDatagram(receiver, socket.port(), 100 + 1000 * i, 1000);
        }
        assertDatagram(receiver, socket.port(), 100 + 10 * 1000, 7);
        assertDatagram(receiver, socket.port(), 0, 50);
        assertThat(batch.count()).isZero();
        assertThat(batch.fallbacks()).isZero();
      }
    }
  }

  @Test
  void receivesRunWholeWithSegmentLength() throws Exception {
    try (UdpSocket sender = bind(UdpSocket.Options.DEFAULT);
        UdpSocket receiver = bind(UdpSocket.Options.DEFAULT)) {
      assertThat(receiver.gro()).isTrue();
      UdpSendBatch out = new UdpSendBatch(4);
      out.add(memory, 0, 40 * 1400 + 33, 1400, 0, 1, receiver.port(), 0, 0, 0, 0, 0);
      assertThat(out.flush(sender)).isEqualTo(1);

      UdpReceiveBatch in = new UdpReceiveBatch(8, 65535);
      assertThat(receive(in, receiver)).isEqualTo(1);
      assertThat(in.length(0)).isEqualTo(40 * 1400 + 33);
      assertThat(in.segmentLength(0)).isEqualTo(1400);
      assertThat(in.truncated(0)).isFalse();
      assertThat(in.memory().asSlice(in.offset(0), in.length(0)).mismatch(memory))
          .isEqualTo(in.length(0));
      assertThat(in.receive(receiver)).isZero();
    }
  }

  @Test
  void tellsRemoteLocalInterfaceAndTrafficClass() throws Exception {
    namespace.ip("addr", "add", "10.9.8.7/32", "dev", "lo");
    namespace.ip("addr", "add", "fd00::1234/128", "dev", "lo", "nodad");
    try (UdpSocket sender = bind(UdpSocket.Options.DEFAULT);
        UdpSocket receiver = bind(UdpSocket.Options.DEFAULT)) {
      UdpSendBatch out = new UdpSendBatch(4);
      long source4 = MAPPED | 0x0a09_0807;
      out.add(memory, 0, 9, 9, 0, LOOPBACK_4, receiver.port(), 0, 0, source4, 0, 0x2e);
      long high = 0xfd00_0000_0000_0000L;
      out.add(memory, 0, 8, 8, 0, 1, receiver.port(), 0, high, 0x1234, 1, 0xb9);
      out.add(memory, 0, 30, 10, high, 0x1234, receiver.port(), 0, 0, 0, 0, 3);
      assertThat(out.flush(sender)).isEqualTo(3);

      UdpReceiveBatch in = new UdpReceiveBatch(8, 2048);
      assertThat(receive(in, receiver)).isEqualTo(3);
      assertThat(in.length(0)).isEqualTo(9);
      assertThat(in.segmentLength(0)).isEqualTo(9);
      assertThat(in.addressHigh(0)).isZero();
      assertThat(in.addressLow(0)).isEqualTo(source4);
      assertThat(in.localHigh(0)).isZero();
      assertThat(in.localLow(0)).isEqualTo(LOOPBACK_4);
      assertThat(in.ifIndex(0)).isEqualTo(1);
      assertThat(in.trafficClass(0)).isEqualTo(0x2e);
      assertThat(in.port(0)).isEqualTo(sender.port());
      assertThat(in.scopeId(0)).isZero();

      assertThat(in.addressHigh(1)).isEqualTo(high);
      assertThat(in.addressLow(1)).isEqualTo(0x1234);
      assertThat(in.localHigh(1)).isZero();
      assertThat(in.localLow(1)).isEqualTo(1);
      assertThat(in.trafficClass(1)).isEqualTo(0xb9);

      assertThat(in.localHigh(2)).isEqualTo(high);
      assertThat(in.localLow(2)).isEqualTo(0x1234);
      assertThat(in.segmentLength(2)).isEqualTo(10);
      assertThat(in.trafficClass(2)).isEqualTo(3);
    }
  }

  @Test
  void tellsWhenBufferIsTooShort() throws Exception {
    try (UdpSocket sender = bind(UdpSocket.Options.PLAIN);
        UdpSocket receiver = bind(UdpSocket.Options.PLAIN)) {
      UdpSendBatch out = new UdpSendBatch(2);
      add4(out, 0, 2000, 2000, receiver.port(), 0, 0);
      add4(out, 0, 100, 100, receiver.port(), 0, 0);
      out.flush(sender);
      UdpReceiveBatch in = new UdpReceiveBatch(2, 1500);
      assertThat(receive(in, receiver)).isEqualTo(2);
      assertThat(in.truncated(0)).isTrue();
      assertThat(in.truncated(1)).isFalse();
    }
  }

  @Test
  void refusesPortTakenInEitherFamily() throws Exception {
    for (String address : new String[] {"0.0.0.0", "::"}) {
      try (DatagramSocket other = receiver(address)) {
        int port = other.getLocalPort();
        assertThatExceptionOfType(LinuxException.class)
            .isThrownBy(() -> namespace.inside(() -> UdpSocket.bind(port, UdpSocket.Options.PLAIN)))
            .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EADDRINUSE"))
            .withMessageContaining(String.valueOf(port))
            .withMessageContaining("another program");
      }
    }
  }

  @Test
  void socketsOnOnePortShareOutTheSendersAndNobodyElseJoins() throws Exception {
    List<UdpSocket> sockets =
        namespace.inside(() -> UdpSocket.bindAll(0, UdpSocket.Options.DEFAULT, 3));
    int port = sockets.getFirst().port();
    try {
      assertThat(sockets).hasSize(3).allMatch(socket -> socket.port() == port);
      int[] datagrams = new int[3];
      for (int sender = 0; sender < 40; sender++) {
        Set<Integer> by = new HashSet<>();
        try (UdpSocket socket = bind(UdpSocket.Options.PLAIN)) {
          for (int i = 0; i < 3; i++) {
            UdpSendBatch out = new UdpSendBatch(1);
            add4(out, 0, 100, 100, port, 0, 0);
            assertThat(out.flush(socket)).isEqualTo(1);
            by.add(whoReceives(sockets, datagrams));
          }
        }
        assertThat(by).as("sockets that one sender's datagrams come by").hasSize(1);
      }
      assertThat(datagrams).doesNotContain(0);
      for (int count = 1; count < 3; count++) {
        int wanted = count;
        assertThatExceptionOfType(LinuxException.class)
            .isThrownBy(
                () ->
                    namespace.inside(
                        () -> UdpSocket.bindAll(port, UdpSocket.Options.DEFAULT, wanted)))
            .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EADDRINUSE"));
      }
    } finally {
      sockets.forEach(UdpSocket::close);
    }
    namespace.inside(() -> UdpSocket.bind(port, UdpSocket.Options.PLAIN)).close();
  }

  private static int whoReceives(List<UdpSocket> sockets, int[] datagrams) {
    Poller poller = new Poller(sockets.size());
    sockets.forEach(socket -> poller.add(socket.fd()));
    assertThat(poller.poll(60_000_000_000L)).isEqualTo(1);
    int who = 0;
    while (!poller.readable(who)) {
      who++;
    }
    assertThat(new UdpReceiveBatch(2, 1500).receive(sockets.get(who))).isEqualTo(1);
    datagrams[who]++;
    return who;
  }

  @Test
  void runTooBigForTheInterfaceIsSentSingly() throws Exception {
    namespace.ip("link", "set", "lo", "mtu", "1400");
    try (UdpSocket socket = bind(UdpSocket.Options.DEFAULT);
        DatagramSocket receiver = receiver("127.0.0.1")) {
      UdpSendBatch batch = new UdpSendBatch(4);
      add4(batch, 0, 3000, 1500, receiver.getLocalPort(), 0, 0);
      assertThat(batch.flush(socket)).isEqualTo(1);
      assertDatagram(receiver, socket.port(), 0, 1500);
      assertDatagram(receiver, socket.port(), 1500, 1500);
      assertThat(batch.fallbacks()).isEqualTo(1);
      assertThat(socket.gso()).isTrue();
    }
  }

  @Test
  void oneFailedRunDoesNotStopTheOthers() throws Exception {
    try (UdpSocket socket = bind(UdpSocket.Options.DEFAULT);
        DatagramSocket receiver = receiver("127.0.0.1")) {
      UdpSendBatch batch = new UdpSendBatch(4);
      add4(batch, 0, 10, 10, receiver.getLocalPort(), 0, 0);
      batch.add(memory, 0, 10, 10, 0, MAPPED | 0x0102_0304, 9, 0, 0, 0, 0, 0);
      // A source that is not ours is refused, and not blamed on segmentation.
      add4(batch, 0, 20, 10, receiver.getLocalPort(), MAPPED | 0x0909_0909, 0);
      add4(batch, 10, 10, 10, receiver.getLocalPort(), 0, 0);
      assertThat(batch.flush(socket)).isEqualTo(-Errno.ENETUNREACH);
      assertThat(batch.failedIndex()).isEqualTo(1);
      assertThat(batch.error(0)).isZero();
      assertThat(batch.error(2)).isIn(Errno.EINVAL, Errno.ENETUNREACH);
      assertThat(batch.error(3)).isZero();
      assertThat(batch.fallbacks()).isZero();
      assertDatagram(receiver, socket.port(), 0, 10);
      assertDatagram(receiver, socket.port(), 10, 10);
    }
  }

  @Test
  void aRunWhoseSourceIsGoneCanBeSentAgainWithoutIt() throws Exception {
    for (UdpSocket.Options options :
        new UdpSocket.Options[] {UdpSocket.Options.DEFAULT, UdpSocket.Options.PLAIN}) {
      try (UdpSocket socket = bind(options);
          DatagramSocket receiver = receiver("127.0.0.1")) {
        UdpSendBatch batch = new UdpSendBatch(4);
        add4(batch, 0, 10, 10, receiver.getLocalPort(), 0, 0);
        add4(batch, 10, 25, 10, receiver.getLocalPort(), MAPPED | 0x0909_0909, 0);
        add4(batch, 50, 10, 10, receiver.getLocalPort(), 0, 0);
        assertThat(batch.flush(socket)).isNegative();
        assertThat(batch.unsent(0)).isZero();
        assertThat(batch.unsent(1)).isEqualTo(3);
        assertThat(batch.unsent(2)).isZero();

        batch.againWithoutSource(1);

        assertThat(batch.count()).isEqualTo(1);
        assertThat(batch.flush(socket)).isEqualTo(1);
        for (int at : new int[] {0, 50, 10, 20}) {
          assertDatagram(receiver, socket.port(), at, 10);
        }
        assertDatagram(receiver, socket.port(), 30, 5);
      }
    }
  }

  @Test
  void worksWithoutIpv6() throws Exception {
    try (UdpSocket sender = bind(UdpSocket.Options.DEFAULT);
        UdpSocket receiver =
            namespace.inside(
                () -> UdpSocket.bind(SocketCalls.AF_INET, 0, UdpSocket.Options.DEFAULT))) {
      assertThat(receiver.ipv6()).isFalse();
      UdpSendBatch out = new UdpSendBatch(1);
      add4(out, 0, 100, 10, receiver.port(), 0, 0);
      out.flush(sender);
      UdpReceiveBatch in = new UdpReceiveBatch(2, 1000);
      assertThat(receive(in, receiver)).isEqualTo(1);
      assertThat(in.addressLow(0)).isEqualTo(LOOPBACK_4);
      assertThat(in.localLow(0)).isEqualTo(LOOPBACK_4);
      assertThat(in.ifIndex(0)).isEqualTo(1);
      add4(out, 0, 50, 5, sender.port(), LOOPBACK_4, 4);
      assertThat(out.flush(receiver)).isEqualTo(1);
      assertThat(receive(in, sender)).isEqualTo(1);
      assertThat(in.length(0)).isEqualTo(50);
      assertThat(in.trafficClass(0)).isEqualTo(4);
      out.add(memory, 0, 10, 10, 0, 1, 9, 0, 0, 0, 0, 0);
      assertThat(out.flush(receiver)).isEqualTo(-Errno.EAFNOSUPPORT);
    }
  }

  @Test
  void marksWhatItSends() throws Exception {
    namespace.ip("rule", "add", "fwmark", "0x1234", "blackhole");
    try (UdpSocket socket = bind(UdpSocket.Options.DEFAULT)) {
      UdpSendBatch out = new UdpSendBatch(1);
      namespace.ip("route", "add", "10.1.1.0/24", "dev", "lo");
      out.add(memory, 0, 10, 10, 0, MAPPED | 0x0a01_0102, 9, 0, 0, 0, 0, 0);
      assertThat(out.flush(socket)).isEqualTo(1);
      socket.fwMark(0x1234);
      out.add(memory, 0, 10, 10, 0, MAPPED | 0x0a01_0102, 9, 0, 0, 0, 0, 0);
      assertThat(out.flush(socket)).isEqualTo(-Errno.EINVAL);
    }
  }

  @Test
  void pollWakesForDatagramAndEvent() throws Exception {
    try (UdpSocket socket = bind(UdpSocket.Options.DEFAULT);
        EventFd event = EventFd.open();
        DatagramSocket other = receiver("127.0.0.1")) {
      Poller poller = new Poller(2);
      int udp = poller.add(socket.fd());
      int wake = poller.add(event.fd());
      assertThat(poller.poll(0)).isZero();
      event.signal();
      event.signal();
      assertThat(poller.poll(-1)).isEqualTo(1);
      assertThat(poller.readable(wake)).isTrue();
      assertThat(poller.readable(udp)).isFalse();
      event.drain();
      assertThat(poller.poll(1000)).isZero();
      other.send(
          new DatagramPacket(new byte[5], 5, InetAddress.ofLiteral("127.0.0.1"), socket.port()));
      assertThat(poller.poll(60_000_000_000L)).isEqualTo(1);
      assertThat(poller.readable(udp)).isTrue();
      poller.replace(udp, 9999);
      assertThat(poller.poll(-1)).isEqualTo(1);
      assertThat(poller.failed(udp)).isTrue();
      poller.remove(udp);
      assertThat(poller.poll(0)).isZero();
    }
  }

  private UdpSocket bind(UdpSocket.Options options) throws Exception {
    return namespace.inside(() -> UdpSocket.bind(0, options));
  }

  private DatagramSocket receiver(String address) throws Exception {
    return namespace.inside(
        () -> {
          DatagramSocket socket =
              new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
          socket.setSoTimeout(60_000);
          return socket;
        });
  }

  private void add4(
      UdpSendBatch batch, int at, int length, int segment, int port, long source, int tos) {
    batch.add(memory, at, length, segment, 0, LOOPBACK_4, port, 0, 0, source, 0, tos);
  }

  private static int receive(UdpReceiveBatch batch, UdpSocket socket) throws InterruptedException {
    Poller poller = new Poller(1);
    poller.add(socket.fd());
    assertThat(poller.poll(60_000_000_000L)).isEqualTo(1);
    // On a busy machine the kernel delivers the rest of what was sent together a little later.
    Thread.sleep(1000);
    return batch.receive(socket);
  }

  private void assertDatagram(DatagramSocket receiver, int port, int at, int length)
      throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
    receiver.receive(packet);
    assertThat(packet.getPort()).isEqualTo(port);
    assertThat(packet.getLength()).isEqualTo(length);
    assertThat(ByteBuffer.wrap(packet.getData(), 0, length))
        .isEqualTo(memory.asSlice(at, length).asByteBuffer());
  }
}
