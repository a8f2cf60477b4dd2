// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThriftTest {
  private static final long MIB = 1 << 20;

  @Test
  void collectsWhenMostOfTheHeapIsNew() {
    assertThat(Thrift.isWasteful(8 * MIB, 0)).isTrue();
    assertThat(Thrift.isWasteful(15 * MIB, 8 * MIB)).isFalse();
    assertThat(Thrift.isWasteful(24 * MIB, 8 * MIB)).isTrue();
    assertThat(Thrift.isWasteful(120 * MIB, 70 * MIB)).isFalse();
    assertThat(Thrift.isWasteful(160 * MIB, 70 * MIB)).isTrue();
  }

  @Test
  void looksOftenAtFirstAndOnceAMinuteInTheEnd() {
    Duration pause = Duration.ofSeconds(4);
    Duration passed = Duration.ZERO;
    int looks = 0;
    while (pause.compareTo(Duration.ofMinutes(1)) < 0) {
      passed = passed.plus(pause);
      pause = Thrift.next(pause);
      looks++;
    }
    assertThat(looks).isBetween(5, 10);
    assertThat(passed).isLessThan(Duration.ofMinutes(3));
    assertThat(Thrift.next(pause)).isEqualTo(Duration.ofMinutes(1));
  }
}
