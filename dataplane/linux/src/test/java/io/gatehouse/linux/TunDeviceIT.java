// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TUN devices in a namespace, with the kernel's own stack and ping(8) at the other end. */
class TunDeviceIT {
  private static final ValueLayout.OfShort NET_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private TestNamespace namespace;
  private final MemorySegment buffer = Arena.ofAuto().allocate(65536 + 64, 64);

  @BeforeEach
  void makeNamespace() throws Exception {
    namespace = new TestNamespace();
  }

  @AfterEach
  void removeNamespace() throws Exception {
    namespace.close();
  }

  @Test
  void answersPing() throws Exception {
    for (TunDevice.Offloads offloads :
        new TunDevice.Offloads[] {TunDevice.Offloads.ALL, TunDevice.Offloads.NONE}) {
      try (TunDevice tun = open("wg0", offloads)) {
        assertThat(tun.vnetHeader()).isEqualTo(!offloads.equals(TunDevice.Offloads.NONE));
        assertThat(tun.offloads()).isEqualTo(granted(offloads));
        assertThat(tun.read(buffer, 0, 65536)).isIn(0, -Errno.EIO);
        namespace.ip("addr", "add", "10.7.0.1/24", "dev", "wg0");
        namespace.ip("link", "set", "wg0", "up");
        Process ping = namespace.start("ping", "-c", "3", "-i", "0.01", "-W", "5", "10.7.0.2");
        int answered = 0;
        int header = tun.vnetHeader() ? TunDevice.VNET_HEADER_LENGTH : 0;
        Poller poller = new Poller(1);
        poller.add(tun.fd());
        while (answered < 3) {
          assertThat(poller.poll(5_000_000_000L)).isEqualTo(1);
          int length = tun.read(buffer, 0, 65536);
          if (length > 0 && isEchoRequest(header)) {
            turnIntoReply(header);
            assertThat(writeBothWays(tun, length, answered)).isEqualTo(length);
            answered++;
          }
        }
        String output = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).contains("3 received").contains(" 0% packet loss");
      }
    }
  }

  @Test
  void handsOverSuperPackets() throws Exception {
    try (TunDevice tun = open("wg0", TunDevice.Offloads.ALL)) {
      namespace.ip("addr", "add", "10.7.0.1/24", "dev", "wg0");
      namespace.ip("link", "set", "wg0", "mtu", "1420", "up");
      UdpSocket socket = namespace.inside(() -> UdpSocket.bind(0, UdpSocket.Options.DEFAULT));
      try (socket) {
        UdpSendBatch batch = new UdpSendBatch(1);
        MemorySegment payload = Arena.ofAuto().allocate(13720);
        long remote = 0xffff_0a07_0002L;
        batch.add(payload, 0, 13720, 1372, 0, remote, 9, 0, 0, 0, 0, 0);
        assertThat(batch.flush(socket)).isEqualTo(1);
        Poller poller = new Poller(1);
        poller.add(tun.fd());
        int length;
        do {
          assertThat(poller.poll(5_000_000_000L)).isEqualTo(1);
          length = tun.read(buffer, 0, 65536);
        } while (buffer.get(ValueLayout.JAVA_BYTE, 10) >>> 4 != 4);
        assertThat(length).isEqualTo(10 + 20 + 8 + 13720);
        assertThat(buffer.get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 5); // GSO_UDP_L4
        assertThat(buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, 4)).isEqualTo((short) 1372);
      }
    }
  }

  @Test
  void tellsItsNameAfterRenameAndItsNamespaceAfterMove() throws Exception {
    try (TunDevice tun = open("wg0", TunDevice.Offloads.ALL);
        TestNamespace other = new TestNamespace()) {
      assertThat(tun.name()).isEqualTo("wg0");
      namespace.ip("link", "set", "wg0", "name", "wg7");
      assertThat(tun.name()).isEqualTo("wg7");
      namespace.ip("link", "set", "wg7", "netns", other.name());
      assertThat(tun.name()).isEqualTo("wg7");
      try (NetworkNamespace home = tun.networkNamespace()) {
        assertThat(home.isSameAs(other.namespace())).isTrue();
        assertThat(home.isSameAs(namespace.namespace())).isFalse();
      }
    }
  }

  @Test
  void adoptsDescriptorMadeElsewhere() throws Exception {
    for (TunDevice.Offloads offloads :
        new TunDevice.Offloads[] {TunDevice.Offloads.ALL, TunDevice.Offloads.NONE}) {
      try (TunDevice made = open("wg0", offloads)) {
        int fd = LibC.fcntl(made.fd(), LibC.F_DUPFD_CLOEXEC, 0);
        try (TunDevice adopted = TunDevice.adopt(fd)) {
          assertThat(adopted.name()).isEqualTo("wg0");
          assertThat(adopted.vnetHeader()).isEqualTo(made.vnetHeader());
          assertThat(adopted.offloads()).isEqualTo(granted(offloads));
        }
      }
    }
  }

  @Test
  void refusesWhatIsNoTunDevice() throws Exception {
    try (EventFd event = EventFd.open()) {
      assertThatExceptionOfType(LinuxException.class)
          .isThrownBy(() -> TunDevice.adopt(event.fd()))
          .withMessageContaining("TUNSETIFF");
    }
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> TunDevice.adopt(9999))
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EBADF));
  }

  @Test
  void saysWhyNameIsRefused() throws Exception {
    try (TunDevice tun = open("wg0", TunDevice.Offloads.ALL)) {
      assertThat(tun.fd()).isPositive();
      assertThatExceptionOfType(LinuxException.class)
          .isThrownBy(() -> open("wg0", TunDevice.Offloads.ALL))
          .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EBUSY"))
          .withMessageContaining("wg0")
          .withMessageContaining("another process has it open");
      assertThatExceptionOfType(LinuxException.class)
          .isThrownBy(() -> open("lo", TunDevice.Offloads.ALL))
          .withMessageContaining("another kind");
      assertThatExceptionOfType(LinuxException.class)
          .isThrownBy(() -> open("sixteen-octets-x", TunDevice.Offloads.ALL))
          .withMessageContaining("1 to 15 octets");
    }
  }

  @Test
  void withSeveralQueuesEachFlowComesByTheOneItIsAnsweredOn() throws Exception {
    List<TunDevice> queues =
        namespace.inside(() -> TunDevice.openQueues("wg%d", TunDevice.Offloads.ALL, 3));
    try {
      assertThat(queues).hasSize(3);
      assertThat(queues).allMatch(queue -> name(queue).equals("wg0"));
      namespace.ip("addr", "add", "10.7.0.1/24", "dev", "wg0");
      namespace.ip("link", "set", "wg0", "up");
      Poller poller = new Poller(3);
      queues.forEach(queue -> poller.add(queue.fd()));
      for (int answering = 0; answering < 3; answering++) {
        Process ping = namespace.start("ping", "-c", "4", "-i", "0.01", "-W", "5", "10.7.0.2");
        List<Integer> came = new ArrayList<>();
        while (came.size() < 4) {
          assertThat(poller.poll(5_000_000_000L)).isPositive();
          for (int i = 0; i < 3; i++) {
            int length = poller.readable(i) ? queues.get(i).read(buffer, 0, 65536) : 0;
            if (length > 0 && isEchoRequest(TunDevice.VNET_HEADER_LENGTH)) {
              came.add(i);
              turnIntoReply(TunDevice.VNET_HEADER_LENGTH);
              assertThat(queues.get(answering).write(buffer, 0, length)).isEqualTo(length);
            }
          }
        }
        assertThat(came.subList(1, 4)).containsOnly(answering);
        String output = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).contains("4 received");
      }
      queues.getFirst().close();
      assertThat(namespace.ip("-br", "link")).contains("wg0");
    } finally {
      queues.forEach(TunDevice::close);
    }
    assertThat(namespace.ip("-br", "link")).doesNotContain("wg0");
  }

  private static String name(TunDevice queue) {
    try {
      return queue.name();
    } catch (LinuxException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theQueuesOfAnotherProgramAreNotJoined() throws Exception {
    List<TunDevice> queues =
        namespace.inside(() -> TunDevice.openQueues("wg0", TunDevice.Offloads.ALL, 2));
    try {
      for (int count = 1; count < 3; count++) {
        int wanted = count;
        assertThatExceptionOfType(LinuxException.class)
            .isThrownBy(
                () ->
                    namespace.inside(
                        () -> TunDevice.openQueues("wg0", TunDevice.Offloads.ALL, wanted)))
            .withMessageContaining("wg0");
      }
    } finally {
      queues.forEach(TunDevice::close);
    }
  }

  @Test
  void aDeviceThatIsThereWithOneQueueIsUsedAsItIs() throws Exception {
    namespace.ip("tuntap", "add", "dev", "wg0", "mode", "tun", "vnet_hdr");
    List<TunDevice> queues =
        namespace.inside(() -> TunDevice.openQueues("wg0", TunDevice.Offloads.ALL, 2));
    assertThat(queues).hasSize(1);
    queues.forEach(TunDevice::close);
    assertThat(namespace.ip("-br", "link")).contains("wg0");
  }

  @Test
  void vanishesWhenClosed() throws Exception {
    open("wg0", TunDevice.Offloads.ALL).close();
    assertThat(namespace.ip("-br", "link")).doesNotContain("wg0");
  }

  /** What the kernel here gives of what is asked: USO came with Linux 6.2. */
  private static TunDevice.Offloads granted(TunDevice.Offloads asked) {
    return new TunDevice.Offloads(asked.tso(), asked.uso() && KernelVersion.atLeast(6, 2));
  }

  private TunDevice open(String name, TunDevice.Offloads offloads) throws Exception {
    return namespace.inside(() -> TunDevice.open(name, offloads));
  }

  /** Alternates between one write and one from two pieces. */
  private int writeBothWays(TunDevice tun, int length, int round) {
    if (round % 2 == 0) {
      return tun.write(buffer, 0, length);
    }
    MemorySegment vectors = Arena.ofAuto().allocate(32, 8);
    vectors.set(ValueLayout.JAVA_LONG, 0, buffer.address());
    vectors.set(ValueLayout.JAVA_LONG, 8, 30);
    vectors.set(ValueLayout.JAVA_LONG, 16, buffer.address() + 30);
    vectors.set(ValueLayout.JAVA_LONG, 24, length - 30);
    return tun.writev(vectors, 0, 2);
  }

  private boolean isEchoRequest(int at) {
    return buffer.get(ValueLayout.JAVA_BYTE, at) == 0x45
        && buffer.get(ValueLayout.JAVA_BYTE, at + 9) == 1
        && buffer.get(ValueLayout.JAVA_BYTE, at + 20) == 8;
  }

  private void turnIntoReply(int at) {
    int source = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at + 12);
    buffer.set(
        ValueLayout.JAVA_INT_UNALIGNED,
        at + 12,
        buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at + 16));
    buffer.set(ValueLayout.JAVA_INT_UNALIGNED, at + 16, source);
    buffer.set(ValueLayout.JAVA_BYTE, at + 20, (byte) 0);
    // RFC 1624: the type sank by 8 in the high octet, so the checksum rises by that.
    int sum = (buffer.get(NET_SHORT, at + 22) & 0xffff) + 0x0800;
    buffer.set(NET_SHORT, at + 22, (short) ((sum & 0xffff) + (sum >>> 16)));
  }
}
