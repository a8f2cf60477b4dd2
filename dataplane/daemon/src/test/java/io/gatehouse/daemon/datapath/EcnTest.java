// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Congestion marks at the border of a tunnel, as RFC 6040 and the kernel have them. */
class EcnTest {
  private static final int DROP = -1;

  /** RFC 6040, figure 4: the row is the inner mark, the column the outer one. */
  private static final int[][] DECAPSULATED = {
    {0, 0, 0, DROP},
    {1, 1, 1, 3},
    {2, 1, 2, 3},
    {3, 3, 3, 3}
  };

  private final Random random = new Random(11);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theOuterMarkComesInByTheTableOfRfc6040AndTheDscpStays(boolean ipv6) {
    for (int inner = 0; inner < 4; inner++) {
      for (int outer = 0; outer < 4; outer++) {
        int dscp = random.nextInt(64) << 2;
        MemorySegment packet = packet(ipv6, dscp | inner);

        boolean kept = Ecn.decapsulate(packet, 0, ipv6, random.nextInt(64) << 2 | outer);

        int expected = DECAPSULATED[inner][outer];
        assertThat(kept).isEqualTo(expected != DROP);
        if (kept) {
          assertThat(Ip.trafficClass(packet, 0, ipv6)).isEqualTo(dscp | expected);
        }
        assertThat(SuperPackets.checksumsAreRight(packet.toArray(ValueLayout.JAVA_BYTE))).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,2", "3,2"})
  void theInnerMarkGoesOutWithoutTheDscp(int inner, int outer) {
    for (boolean ipv6 : new boolean[] {false, true}) {
      assertThat(Ecn.encapsulate(packet(ipv6, 0xb8 | inner), 0, ipv6)).isEqualTo(outer);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 77, 0x1234, 0x7fff})
  void aWrongHeaderChecksumStaysWrong(int error) {
    MemorySegment packet = packet(false, 2);
    int wrong = Ip.u16(packet, Ip.V4_CHECKSUM) ^ error;
    Ip.u16(packet, Ip.V4_CHECKSUM, wrong);

    Ecn.decapsulate(packet, 0, false, 3);

    boolean right =
        SuperPackets.slowChecksum(packet.toArray(ValueLayout.JAVA_BYTE), 0, 20, 0) == 0xffff;
    assertThat(right).isFalse();
  }

  private MemorySegment packet(boolean ipv6, int trafficClass) {
    byte[] octets = SuperPackets.packet(random, ipv6, 17, 7, 0, 0, new byte[40]);
    MemorySegment packet = Arena.ofAuto().allocate(octets.length, 8);
    MemorySegment.copy(octets, 0, packet, ValueLayout.JAVA_BYTE, 0, octets.length);
    if (ipv6) {
      Ip.u16(packet, 0, 0x6000 | trafficClass << 4);
    } else {
      Ip.octet(packet, Ip.V4_TOS, trafficClass);
      InternetChecksum.setIpv4Header(packet, 0, Ip.V4_HEADER);
    }
    return packet;
  }
}
