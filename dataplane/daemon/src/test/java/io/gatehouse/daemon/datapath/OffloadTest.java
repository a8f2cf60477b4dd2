// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link Segmenter} and {@link Coalescer} against packets made without them. */
class OffloadTest {
  private static final int ACK = 0x10;
  private static final int PSH_ACK = 0x18;

  private final Random random = new Random(20261122);

  @ParameterizedTest
  @CsvSource({
    "false,6,1388,62000",
    "true,6,1368,62000",
    "false,17,1372,40000",
    "true,17,64,4000",
    "false,6,536,537",
    "true,6,1,13",
    "false,17,1000,1000"
  })
  void aSuperPacketIsCutIntoPacketsWithRightChecksums(
      boolean ipv6, int protocol, int gsoSize, int payloadLength) {
    byte[] payload = bytes(payloadLength);
    byte[] whole = SuperPackets.packet(random, ipv6, protocol, 9, -5, PSH_ACK, payload);

    List<byte[]> segments = SuperPackets.segment(SuperPackets.offloaded(whole, gsoSize));

    assertThat(segments).hasSize((payloadLength + gsoSize - 1) / gsoSize);
    assertThat(segments).allMatch(SuperPackets::checksumsAreRight);
    int header = whole.length - payloadLength;
    ByteBuffer joined = ByteBuffer.allocate(payloadLength);
    for (int i = 0; i < segments.size(); i++) {
      byte[] segment = segments.get(i);
      joined.put(segment, header, segment.length - header);
      if (protocol == 6) {
        int network = ipv6 ? 40 : 20;
        assertThat(ByteBuffer.wrap(segment).getInt(network + 4)).isEqualTo(-5 + i * gsoSize);
        assertThat(segment[network + 13] & 0x08)
            .as("push is on the last segment only")
            .isEqualTo(i == segments.size() - 1 ? 0x08 : 0);
      }
    }
    assertThat(joined.array()).isEqualTo(payload);
  }

  @ParameterizedTest
  @CsvSource({"false,6", "true,6", "false,17", "true,17"})
  void aPacketWithALeftOutChecksumIsCompleted(boolean ipv6, int protocol) {
    byte[] whole = SuperPackets.packet(random, ipv6, protocol, 9, 1, ACK, bytes(333));

    List<byte[]> segments = SuperPackets.segment(SuperPackets.offloaded(whole, 0));

    assertThat(segments).containsExactly(whole);
  }

  @ParameterizedTest
  @CsvSource({"false,6,1388", "true,6,1368", "false,17,1372", "true,17,64"})
  void packetsOfOneFlowLeaveAsOneSuperPacketThatCutsBackIntoThem(
      boolean ipv6, int protocol, int segment) {
    List<byte[]> packets = stream(ipv6, protocol, 7, 20, segment);
    SuperPackets.Recorder sink = new SuperPackets.Recorder();

    coalesce(packets, sink);

    assertThat(sink.writes).hasSize(1);
    List<byte[]> back = SuperPackets.segment(sink.writes.getFirst());
    assertThat(back.stream().map(OffloadTest::withoutIpId).toList())
        .containsExactlyElementsOf(packets.stream().map(OffloadTest::withoutIpId).toList());
  }

  @Test
  void twoFlowsInTurnLeaveAsTwoSuperPackets() {
    List<byte[]> a = stream(false, 6, 7, 10, 1000);
    List<byte[]> b = stream(false, 6, 8, 10, 900);
    List<byte[]> mixed = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      mixed.add(a.get(i));
      mixed.add(b.get(i));
    }
    SuperPackets.Recorder sink = new SuperPackets.Recorder();

    coalesce(mixed, sink);

    assertThat(sink.writes).hasSize(2);
  }

  @Test
  void aPacketWithAWrongChecksumIsNotJoinedAndIsLeftForTheKernelToRefuse() {
    List<byte[]> packets = stream(false, 6, 7, 3, 1000);
    packets.get(1)[100] ^= 1;
    SuperPackets.Recorder sink = new SuperPackets.Recorder();

    coalesce(packets, sink);

    assertThat(sink.writes).hasSize(3);
    assertThat(withoutVnetHeader(sink.writes.get(1))).isEqualTo(packets.get(1));
  }

  @Test
  void nothingOvertakesWithinAFlow() {
    List<byte[]> packets = stream(false, 6, 7, 4, 1000);
    byte[] pureAck = SuperPackets.packet(random, false, 6, 7, 4000, ACK, new byte[0]);
    packets.add(2, pureAck);
    SuperPackets.Recorder sink = new SuperPackets.Recorder();

    coalesce(packets, sink);

    assertThat(sink.writes).hasSize(3);
    assertThat(withoutVnetHeader(sink.writes.get(1))).isEqualTo(pureAck);
  }

  @Test
  void octetsThatAreNoPacketAreRefused() {
    for (int round = 0; round < 20_000; round++) {
      byte[] junk = bytes(random.nextInt(200));
      if (junk.length > 12 && random.nextBoolean()) {
        junk[10] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
        junk[1] = (byte) random.nextInt(6);
      }

      List<byte[]> segments = SuperPackets.segment(junk);

      int length = segments.stream().mapToInt(s -> s.length).max().orElse(0);
      assertThat(length).isLessThanOrEqualTo(junk.length);
    }
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private List<byte[]> stream(boolean ipv6, int protocol, int port, int count, int segment) {
    List<byte[]> packets = new ArrayList<>();
    int sequence = random.nextInt();
    for (int i = 0; i < count; i++) {
      int length = i == count - 1 ? 1 + random.nextInt(segment) : segment;
      int flags = i == count - 1 ? PSH_ACK : ACK;
      packets.add(
          SuperPackets.packet(random, ipv6, protocol, port, sequence, flags, bytes(length)));
      sequence += length;
    }
    return packets;
  }

  private static void coalesce(List<byte[]> packets, PacketSink sink) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(packets.stream().mapToInt(p -> p.length + 48).sum());
      Coalescer coalescer = new Coalescer(memory, sink, new Fallbacks(text -> {}), (peer, n) -> {});
      long at = 16;
      for (byte[] packet : packets) {
        MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, at, packet.length);
        coalescer.add(at, packet.length, null);
        at += packet.length + 32;
      }
      coalescer.flush();
    }
  }

  private static byte[] withoutVnetHeader(byte[] write) {
    return Arrays.copyOfRange(write, 10, write.length);
  }

  /** The IPv4 ID counts on within a super-packet, so it and the header checksum may differ. */
  private static String withoutIpId(byte[] packet) {
    byte[] copy = packet.clone();
    if (copy[0] == 0x45) {
      copy[4] = 0;
      copy[5] = 0;
      copy[10] = 0;
      copy[11] = 0;
    }
    return Arrays.toString(copy);
  }
}
