// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkTimeTest {
  /** So that it wraps around on the way. */
  private long now = Long.MAX_VALUE - 5;

  @Test
  void onlyTheWorkCountsNotTheWaiting() {
    WorkTime time = new WorkTime(Duration.ofNanos(10), () -> now += 1000, () -> now);
    now += 4;
    assertThat(time.giveWay()).isEqualTo(1000);
    assertThat(time.giveWay()).isEqualTo(1000);
    now += 5;
    assertThat(time.isOver()).isFalse();
    now += 1;
    assertThat(time.isOver()).isTrue();
  }
}
