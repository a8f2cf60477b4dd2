// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The fast ways against their slow twins: random traffic joined, cut, or refused by the kernel on
 * the way gives the same packets as without any offload.
 */
class OffloadTwinsTest {
  private static final int ROUNDS = 25;
  private static final int ACK = 0x10;
  private static final int[] FLAGS = {
    ACK, ACK, ACK, ACK, ACK, ACK, ACK | 8, ACK | 1, ACK | 0x40, 2
  };

  private final Random random = new Random(20261124);

  /** Kernels that refuse what they have granted. */
  enum Kernel {
    TAKES_ALL,
    TAKES_NO_SUPER_PACKET,
    TAKES_NO_UNEVEN_ONE,
    TAKES_NO_TCP,
    TAKES_SOME;

    boolean refuses(byte[] write, Random random) {
      return switch (this) {
        case TAKES_ALL -> false;
        case TAKES_NO_SUPER_PACKET -> true;
        case TAKES_NO_UNEVEN_ONE -> SlowCut.isUneven(write);
        case TAKES_NO_TCP -> write[1] != VirtioNetHeader.GSO_UDP_L4;
        case TAKES_SOME -> random.nextInt(4) == 0;
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void whateverTheKernelRefusesItGetsTheSamePacketsInTheSameOrderOfEachFlow(Kernel kernel) {
    for (boolean tso : new boolean[] {true, false}) {
      for (boolean uso : new boolean[] {true, false}) {
        for (int errno : new int[] {Errno.EINVAL, Errno.EIO}) {
          Refusing sink = new Refusing(kernel, tso, uso, errno);
          Path path = new Path(sink);
          for (int round = 0; round < ROUNDS; round++) {
            List<byte[]> sent = traffic();

            path.pass(sent);

            assertThat(flows(sink.taken())).isEqualTo(flows(sent));
          }
          assertThat(path.dropped).isZero();
          assertThat(path.fallbacks(Offload.TUN_TSO) + path.fallbacks(Offload.TUN_USO))
              .isEqualTo(sink.refused);
        }
      }
    }
  }

  @Test
  void afterARefusalNoMoreIsTriedOfItsKind() {
    Refusing sink = new Refusing(Kernel.TAKES_NO_TCP, true, true, Errno.EINVAL);
    Path path = new Path(sink);
    for (int round = 0; round < 2 * ROUNDS; round++) {
      path.pass(traffic());
    }

    // One uneven, one even.
    assertThat(path.fallbacks(Offload.TUN_TSO)).isBetween(1L, 2L);
    assertThat(path.fallbacks(Offload.TUN_USO)).isZero();
    assertThat(sink.superPackets).as("of UDP").isPositive();
    assertThat(path.log)
        .singleElement()
        .asString()
        .contains("EINVAL")
        .contains("gatehouse.offload.tun.tso=false");
  }

  @Test
  void aKernelThatRefusesUnevenOnesAloneGoesOnTakingEvenOnes() {
    Refusing sink = new Refusing(Kernel.TAKES_NO_UNEVEN_ONE, true, true, Errno.EINVAL);
    Path path = new Path(sink);
    for (int round = 0; round < ROUNDS; round++) {
      path.pass(traffic());
    }

    assertThat(path.fallbacks(Offload.TUN_TSO)).isEqualTo(1);
    assertThat(path.fallbacks(Offload.TUN_USO)).isEqualTo(1);
    assertThat(sink.superPackets).isGreaterThan(ROUNDS);
  }

  @Test
  void whenTheInterfaceIsDownNoOffloadIsBlamed() {
    Refusing sink = new Refusing(Kernel.TAKES_NO_SUPER_PACKET, true, true, Errno.EIO);
    sink.down = true;
    Path path = new Path(sink);

    List<byte[]> sent = traffic();
    path.pass(sent);

    assertThat(path.dropped).isEqualTo(sent.size());
    assertThat(path.fallbacks(Offload.TUN_TSO) + path.fallbacks(Offload.TUN_USO)).isZero();
    assertThat(path.log).isEmpty();
  }

  @Test
  void aSuperPacketIsCutIntoTheOctetsThatTheSlowTwinCutsItInto() {
    for (int round = 0; round < 10 * ROUNDS; round++) {
      boolean ipv6 = random.nextBoolean();
      int protocol = random.nextBoolean() ? Ip.TCP : Ip.UDP;
      int gsoSize = 1 + random.nextInt(1400);
      byte[] payload = bytes(1 + random.nextInt(Math.min(60_000, gsoSize * 64)));
      byte[] whole =
          SuperPackets.packet(
              random, ipv6, protocol, 7, random.nextInt(), random.nextInt(256), payload);
      byte[] read = SuperPackets.offloaded(whole, gsoSize);

      assertThat(SuperPackets.segment(read).stream().map(OffloadTwinsTest::hex).toList())
          .isEqualTo(SlowCut.of(read).stream().map(OffloadTwinsTest::hex).toList());
    }
  }

  /**
   * Packets of some flows in random order, as many as a receive may bring, and odd ones among them.
   */
  private List<byte[]> traffic() {
    List<List<byte[]>> flows = new ArrayList<>();
    for (int port = 1; port <= 5; port++) {
      flows.add(flow(100 + port));
    }
    List<byte[]> sent = new ArrayList<>();
    int next = 0;
    while (!flows.isEmpty()) {
      if (random.nextInt(6) == 0) {
        next = random.nextInt(flows.size());
      }
      List<byte[]> flow = flows.get(next % flows.size());
      sent.add(flow.removeFirst());
      flows.removeIf(List::isEmpty);
    }
    return sent;
  }

  private List<byte[]> flow(int port) {
    boolean ipv6 = random.nextBoolean();
    int protocol = random.nextBoolean() ? Ip.TCP : Ip.UDP;
    int segment = 1 + random.nextInt(1300);
    int count = 1 + random.nextInt(80);
    int sequence = random.nextInt();
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length =
          switch (random.nextInt(20)) {
            case 0 -> 1 + random.nextInt(1300);
            case 1 -> 0;
            default -> segment;
          };
      int flags = FLAGS[random.nextInt(FLAGS.length)];
      byte[] packet =
          SuperPackets.packet(random, ipv6, protocol, port, sequence, flags, bytes(length));
      sequence += random.nextInt(30) == 0 ? length + 1 : length;
      if (random.nextInt(30) == 0) {
        // A checksum that is wrong stays wrong.
        packet[packet.length - 1] ^= 1;
      }
      packets.add(packet);
    }
    return packets;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** By port, as they came; without the IPv4 ID, which counts on within a super-packet. */
  private static Map<Integer, List<String>> flows(List<byte[]> packets) {
    Map<Integer, List<String>> flows = new TreeMap<>();
    for (byte[] packet : packets) {
      boolean ipv6 = packet[0] >>> 4 == 6;
      int port = packet[ipv6 ? 41 : 21];
      byte[] copy = packet.clone();
      if (!ipv6) {
        Arrays.fill(copy, 4, 6, (byte) 0);
        Arrays.fill(copy, 10, 12, (byte) 0);
      }
      flows.computeIfAbsent(port, p -> new ArrayList<>()).add(hex(copy));
    }
    return flows;
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }

  /** A coalescer and the buffer that packets are opened in. */
  private static final class Path {
    private final MemorySegment memory = Arena.ofAuto().allocate(1 << 20);
    private final List<String> log = new ArrayList<>();
    private final Fallbacks fallbacks = new Fallbacks(log::add);
    private final Coalescer coalescer;
    private long dropped;

    Path(PacketSink sink) {
      coalescer = new Coalescer(memory, sink, fallbacks, (peer, n) -> dropped += n);
    }

    void pass(List<byte[]> packets) {
      long at = 16;
      for (byte[] packet : packets) {
        MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, at, packet.length);
        coalescer.add(at, packet.length, null);
        at += packet.length + 32;
      }
      coalescer.flush();
    }

    long fallbacks(Offload offload) {
      return fallbacks.state(offload, true, true).fallbacks();
    }
  }

  /** A TUN device of such a kernel. */
  private static final class Refusing implements PacketSink {
    private final SuperPackets.Recorder recorder = new SuperPackets.Recorder();
    private final Random random = new Random(1);
    private final Kernel kernel;
    private final boolean tso;
    private final boolean uso;
    private final int errno;
    private boolean down;
    private long superPackets;
    private long refused;

    Refusing(Kernel kernel, boolean tso, boolean uso, int errno) {
      this.kernel = kernel;
      this.tso = tso;
      this.uso = uso;
      this.errno = errno;
    }

    /** What it was given since it was asked last, cut by the slow twin. */
    List<byte[]> taken() {
      List<byte[]> packets = new ArrayList<>();
      recorder.writes.forEach(write -> packets.addAll(SlowCut.of(write)));
      recorder.writes.clear();
      return packets;
    }

    @Override
    public boolean vnetHeader() {
      return true;
    }

    @Override
    public boolean tso() {
      return tso;
    }

    @Override
    public boolean uso() {
      return uso;
    }

    @Override
    public int write(MemorySegment memory, long offset, int length) {
      return down ? -errno : recorder.write(memory, offset, length);
    }

    @Override
    public int writev(MemorySegment iovecs, long offset, int count) {
      int result = recorder.writev(iovecs, offset, count);
      byte[] write = recorder.writes.getLast();
      assertThat(write[1] == VirtioNetHeader.GSO_UDP_L4 ? uso : tso).isTrue();
      superPackets++;
      if (kernel.refuses(write, random)) {
        recorder.writes.removeLast();
        refused++;
        return -errno;
      }
      return result;
    }
  }
}
