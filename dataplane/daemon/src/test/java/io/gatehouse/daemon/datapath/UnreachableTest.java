// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sender hears of a packet that has no way. */
class UnreachableTest {
  private static final long SECOND = 1_000_000_000L;

  private final Random random = new Random(5);
  private final SuperPackets.Recorder sink = new SuperPackets.Recorder();
  private final Unreachable unreachable = new Unreachable(sink, 0);

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 500, 1300})
  void anIpv4PacketIsAnsweredWithHostUnreachableThatQuotesIt(int payload) {
    byte[] packet = udp(false, payload);

    byte[] answer = answer(packet, false);

    assertThat(answer.length).isEqualTo(Math.min(28 + packet.length, 576));
    assertThat(ByteBuffer.wrap(answer).getShort(2)).isEqualTo((short) answer.length);
    assertThat(answer[9]).isEqualTo((byte) 1);
    assertThat(Arrays.copyOfRange(answer, 12, 16)).isEqualTo(Arrays.copyOfRange(packet, 16, 20));
    assertThat(Arrays.copyOfRange(answer, 16, 20)).isEqualTo(Arrays.copyOfRange(packet, 12, 16));
    assertThat(answer[20]).isEqualTo((byte) 3);
    assertThat(answer[21]).isEqualTo((byte) 1);
    assertThat(Arrays.copyOfRange(answer, 28, answer.length))
        .isEqualTo(Arrays.copyOf(packet, answer.length - 28));
    assertThat(SuperPackets.slowChecksum(answer, 0, 20, 0)).isEqualTo(0xffff);
    assertThat(SuperPackets.slowChecksum(answer, 20, answer.length - 20, 0)).isEqualTo(0xffff);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 1232, 1400})
  void anIpv6PacketIsAnsweredWithAddressUnreachableThatQuotesIt(int payload) {
    byte[] packet = udp(true, payload);

    byte[] answer = answer(packet, true);

    assertThat(answer.length).isEqualTo(Math.min(48 + packet.length, 1280));
    assertThat(ByteBuffer.wrap(answer).getShort(4)).isEqualTo((short) (answer.length - 40));
    assertThat(answer[6]).isEqualTo((byte) 58);
    assertThat(Arrays.copyOfRange(answer, 8, 24)).isEqualTo(Arrays.copyOfRange(packet, 24, 40));
    assertThat(Arrays.copyOfRange(answer, 24, 40)).isEqualTo(Arrays.copyOfRange(packet, 8, 24));
    assertThat(answer[40]).isEqualTo((byte) 1);
    assertThat(answer[41]).isEqualTo((byte) 3);
    assertThat(Arrays.copyOfRange(answer, 48, answer.length))
        .isEqualTo(Arrays.copyOf(packet, answer.length - 48));
    assertThat(SuperPackets.checksumsAreRight(answer)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // offset, octet: what makes a packet one that must not be answered
    "false,12,0", // from nobody
    "false,12,224", // from a group
    "false,16,239", // to a group
    "false,16,255", // to everybody
    "false,7,1", // a later fragment
    "true,8,255", // from a group
    "true,24,255", // to a group
  })
  void somePacketsAreNeverAnswered(boolean ipv6, int offset, int octet) {
    byte[] packet = udp(ipv6, 20);
    packet[offset] = (byte) octet;

    assertThat(answer(packet, ipv6)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "false,8,true",
    "false,0,true",
    "false,3,false",
    "false,11,false",
    "false,5,false",
    "true,128,true",
    "true,129,true",
    "true,1,false",
    "true,3,false"
  })
  void anIcmpErrorIsNotAnsweredButAQueryIs(boolean ipv6, int type, boolean answered) {
    byte[] packet = udp(ipv6, 20);
    packet[ipv6 ? 6 : 9] = (byte) (ipv6 ? 58 : 1);
    packet[ipv6 ? 40 : 20] = (byte) type;

    assertThat(answer(packet, ipv6).length > 0).isEqualTo(answered);
  }

  @Test
  void answersAreRare() {
    int burst = allowed(0, 1000);
    int second = 0;
    for (int i = 1; i <= 1000; i++) {
      second += allowed(i * SECOND / 1000, 10);
    }

    assertThat(burst).isEqualTo(50);
    assertThat(second).isEqualTo(100);
    assertThat(allowed(100 * SECOND, 1000)).isEqualTo(50);
  }

  private int allowed(long now, int asked) {
    int allowed = 0;
    for (int i = 0; i < asked; i++) {
      allowed += unreachable.allowed(now) ? 1 : 0;
    }
    return allowed;
  }

  private byte[] udp(boolean ipv6, int payload) {
    return SuperPackets.packet(random, ipv6, 17, 7, 0, 0, new byte[payload]);
  }

  /** The answer without its virtio header, empty when there was none. */
  private byte[] answer(byte[] packet, boolean ipv6) {
    MemorySegment memory = Arena.ofAuto().allocate(packet.length + 16, 8);
    MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 3, packet.length);
    unreachable.answer(memory, 3, packet.length, ipv6);
    if (sink.writes.isEmpty()) {
      return new byte[0];
    }
    byte[] write = sink.writes.getFirst();
    assertThat(Arrays.copyOf(write, 10)).containsOnly(0);
    return Arrays.copyOfRange(write, 10, write.length);
  }
}
