// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sum of RFC 1071 as its section 1 has it, word by word, beside ours. */
class InternetChecksumTest {
  private static final int ROOM = 4096;

  private final Random random = new Random(7);
  private final MemorySegment from = Arena.ofAuto().allocate(ROOM);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyOctetsAnywhereSumUpAsWordByWord(boolean compiled) {
    if (compiled) {
      InternetChecksum.warmUp(() -> {});
    }
    for (int round = 0; round < 4000; round++) {
      int length = round < 1000 ? round : random.nextInt(2000);
      long offset = random.nextInt(64);
      byte[] octets = new byte[length];
      random.nextBytes(octets);
      if (round % 5 == 0) {
        Arrays.fill(octets, (byte) 0xff);
      }
      MemorySegment.copy(octets, 0, from, ValueLayout.JAVA_BYTE, offset, length);

      int start = random.nextInt(1 << 16);
      int summed = InternetChecksum.fold(InternetChecksum.add(start, from, offset, length));

      int expected = wordByWord(InternetChecksum.net16(start), octets);
      assertThat(InternetChecksum.net16(summed)).as("%d octets", length).isEqualTo(expected);
    }
  }

  private static int wordByWord(int start, byte[] octets) {
    int sum = start;
    for (int i = 0; i < octets.length; i += 2) {
      int low = i + 1 < octets.length ? octets[i + 1] & 0xff : 0;
      sum += (octets[i] & 0xff) << 8 | low;
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }
}
