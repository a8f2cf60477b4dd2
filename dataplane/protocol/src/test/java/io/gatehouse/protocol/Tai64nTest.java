// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Tai64nTest {
  @Test
  void theEpochIsTenLeapSecondsAhead() {
    assertThat(HexFormat.of().formatHex(Tai64n.label(Tai64n.after(-1, Instant.EPOCH))))
        .isEqualTo("400000000000000a00000000");
  }

  @Test
  void nanosecondsAreCutToMultiplesOf16777216() {
    long moment = Tai64n.after(0, Instant.ofEpochSecond(1, 999_999_999));
    assertThat(HexFormat.of().formatHex(Tai64n.label(moment)))
        .isEqualTo("400000000000000b3b000000");
  }

  @Test
  void aClockThatStandsOrGoesBackStillGivesLaterLabels() {
    long last = Tai64n.after(0, Instant.ofEpochSecond(1_000_000));
    for (int i = 0; i < 200; i++) {
      long next = Tai64n.after(last, Instant.ofEpochSecond(999_000));
      assertThat(java.util.Arrays.compareUnsigned(Tai64n.label(next), Tai64n.label(last)))
          .isPositive();
      assertThat(next & 0xff_ffff).isZero();
      assertThat(next & 0x3fff_ffff).isLessThan(1_000_000_000L);
      last = next;
    }
  }
}
