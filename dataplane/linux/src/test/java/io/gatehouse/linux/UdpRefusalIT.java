// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A kernel that refuses runs of datagrams, or has no room for them: nothing is lost that could be
 * sent, and only what is refused gets slower. Real refusals of this kernel, and for those of others
 * the error numbers they give.
 */
class UdpRefusalIT {
  private static final long MAPPED = 0xffff_0000_0000L;
  private static final long LOOPBACK = MAPPED | 0x7f00_0001L;
  private static final long NARROW = MAPPED | 0x0a09_0807L;
  private static final int SO_NO_CHECK = 11;

  private TestNamespace namespace;
  private UdpSocket socket;
  private DatagramSocket receiver;
  private final MemorySegment memory = Arena.ofAuto().allocate(65536);

  /** Messages handed to the kernel by each call. */
  private final List<Integer> calls = new ArrayList<>();

  @BeforeEach
  void makeNamespace() throws Exception {
    namespace = new TestNamespace();
    byte[] octets = new byte[65536];
    new Random(20261124).nextBytes(octets);
    MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, 0, octets.length);
    socket = bind(UdpSocket.Options.DEFAULT);
    receiver =
        namespace.inside(
            () -> {
              DatagramSocket any =
                  new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0));
              any.setReceiveBufferSize(4 << 20);
              any.setSoTimeout(60_000);
              return any;
            });
  }

  @AfterEach
  void removeNamespace() throws Exception {
    receiver.close();
    socket.close();
    namespace.close();
  }

  @Test
  void anAddressBehindASmallMtuIsRefusedAloneAndOnlyOnce() throws Exception {
    namespace.ip("route", "add", "local", "10.9.8.7", "dev", "lo", "mtu", "lock", "1000");
    UdpSendBatch batch = new UdpSendBatch(8, this::recorded);
    for (int round = 0; round < 3; round++) {
      add(batch, NARROW, 0, 6000, 1200);
      add(batch, LOOPBACK, 6000, 6000, 1200);
      add(batch, NARROW, 12000, 5000, 500);

      assertThat(batch.flush(socket)).isEqualTo(3);

      assertReceived(0, 6000, 1200);
      assertReceived(6000, 6000, 1200);
      assertReceived(12000, 5000, 500);
    }
    assertThat(batch.fallbacks()).isEqualTo(1);
    assertThat(batch.fallbackError()).isIn(Errno.EINVAL, Errno.EMSGSIZE);
    // The refused try, its five datagrams and the rest; then each time in one call: five datagrams
    // and the two runs whole.
    assertThat(calls).containsExactly(3, 5, 2, 7, 7);
  }

  @Test
  void aSocketThatRefusesEveryRunStillSendsAll() throws Exception {
    // The kernel makes no runs without checksums.
    assertThat(SocketCalls.setOption(socket.fd(), SocketCalls.SOL_SOCKET, SO_NO_CHECK, 1)).isZero();
    UdpSendBatch batch = new UdpSendBatch(8, this::recorded);
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 5; i++) {
        add(batch, LOOPBACK + i % 2, 10_000 * i, 9_999, 1000);
      }

      assertThat(batch.flush(socket)).isEqualTo(5);

      for (int i = 0; i < 5; i++) {
        assertReceived(10_000 * i, 9_999, 1000);
      }
    }
    assertThat(batch.fallbacks()).isEqualTo(2);
    assertThat(batch.fallbackError()).isEqualTo(Errno.EINVAL);
    assertThat(calls).containsExactly(5, 10, 22, 10, 30, 50);
  }

  @Test
  void whateverTheRefusalOfARunIsCalledItsDatagramsAreSent() throws Exception {
    for (int errno : new int[] {Errno.EIO, Errno.EINVAL, Errno.EMSGSIZE, Errno.EOPNOTSUPP}) {
      UdpSendBatch batch =
          new UdpSendBatch(
              8,
              (fd, messages, count, flags) ->
                  isRun(messages) ? -errno : recorded(fd, messages, 1, flags));
      add(batch, LOOPBACK, 0, 300, 300);
      add(batch, LOOPBACK, 300, 40_001, 700);
      add(batch, LOOPBACK, 50_000, 2_000, 500);

      assertThat(batch.flush(socket)).isEqualTo(3);

      assertReceived(0, 300, 300);
      assertReceived(300, 40_001, 700);
      assertReceived(50_000, 2_000, 500);
      assertThat(batch.fallbackError()).isEqualTo(errno);
      // Datagrams of 500 might have been taken, so they were tried as well.
      assertThat(batch.fallbacks()).isEqualTo(2);
    }
  }

  @Test
  void aDatagramThatFailsAmongThoseSentAgainTakesNoOtherWithIt() throws Exception {
    int[] call = {0};
    UdpSendBatch batch =
        new UdpSendBatch(
            8,
            (fd, messages, count, flags) -> {
              if (isRun(messages)) {
                return -Errno.EIO;
              }
              return ++call[0] == 2 ? -Errno.ENOBUFS : recorded(fd, messages, 1, flags);
            });
    add(batch, LOOPBACK, 0, 4_000, 1000);

    assertThat(batch.flush(socket)).isEqualTo(-Errno.ENOBUFS);

    assertThat(batch.unsent(0)).isEqualTo(1);
    assertThat(batch.fallbacks()).isEqualTo(1);
    assertReceived(0, 1_000, 1000);
    assertReceived(2_000, 2_000, 1000);
  }

  @Test
  void aDatagramForWhichTheKernelHasNoMemoryIsLostAlone() throws Exception {
    // Fragments beyond twice the send buffer find none (ENOBUFS).
    namespace.ip("link", "set", "lo", "mtu", "1400");
    socket.close();
    socket = bind(new UdpSocket.Options(true, true, 1, 1 << 20, false));
    UdpSendBatch batch = new UdpSendBatch(8);
    add(batch, LOOPBACK, 0, 100, 100);
    add(batch, LOOPBACK, 100, 60_000, 60_000);
    add(batch, LOOPBACK, 60_100, 100, 100);

    assertThat(batch.flush(socket)).isEqualTo(-Errno.ENOBUFS);

    assertThat(batch.failedIndex()).isEqualTo(1);
    assertThat(batch.unsent(1)).isEqualTo(1);
    assertReceived(0, 100, 100);
    assertReceived(60_100, 100, 100);
  }

  @Test
  void aDatagramLongerThanIpCarriesIsLostAlone() throws Exception {
    assertThat(SocketCalls.setOption(socket.fd(), SocketCalls.SOL_IP, 10, 2)).isZero(); // DF
    namespace.ip("link", "set", "lo", "mtu", "1400");
    UdpSendBatch batch = new UdpSendBatch(8);
    add(batch, LOOPBACK, 0, 1372, 1372);
    add(batch, LOOPBACK, 0, 1373, 1373);
    add(batch, LOOPBACK, 2000, 1372, 1372);

    assertThat(batch.flush(socket)).isEqualTo(-Errno.EMSGSIZE);

    assertThat(batch.failedIndex()).isEqualTo(1);
    assertThat(batch.unsent(1)).isEqualTo(1);
    assertReceived(0, 1372, 1372);
    assertReceived(2000, 1372, 1372);
  }

  private int recorded(int fd, long messages, int count, int flags) {
    calls.add(count);
    return PacketCalls.sendmmsg(fd, messages, count, flags);
  }

  /** Whether the first message has control data, which is UDP_SEGMENT alone in these tests. */
  private static boolean isRun(long messages) {
    return MemorySegment.ofAddress(messages).reinterpret(64).get(ValueLayout.JAVA_LONG, 40) != 0;
  }

  private UdpSocket bind(UdpSocket.Options options) throws Exception {
    return namespace.inside(() -> UdpSocket.bind(0, options));
  }

  private void add(UdpSendBatch batch, long address, int at, int length, int segment) {
    batch.add(memory, at, length, segment, 0, address, receiver.getLocalPort(), 0, 0, 0, 0, 0);
  }

  /** The datagrams of a run, in order. */
  private void assertReceived(int at, int length, int segment) throws Exception {
    for (int start = at; start < at + length; start += segment) {
      DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
      receiver.receive(packet);
      assertThat(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()))
          .isEqualTo(memory.asSlice(start, Math.min(segment, at + length - start)).asByteBuffer());
    }
  }
}
