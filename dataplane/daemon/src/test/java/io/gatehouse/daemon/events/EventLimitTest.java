// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventLimitTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aBurstPassesAndTheRestIsCounted() {
    long now = Long.MAX_VALUE - SECOND;
    EventLimit limit = new EventLimit(now);
    int admitted = 0;
    for (int i = 0; i < 1000; i++) {
      admitted += limit.admits(now) ? 1 : 0;
    }
    assertThat(admitted).isEqualTo(EventLimit.BURST);
    assertThat(limit.heldBack()).isEqualTo(1000 - EventLimit.BURST);
  }

  @Test
  void oneMorePassesEveryOtherSecondAlsoWhenTheClockWraps() {
    long now = Long.MAX_VALUE - SECOND;
    EventLimit limit = new EventLimit(now);
    while (limit.admits(now)) {
      // Used up.
    }
    long before = limit.heldBack();
    assertThat(limit.admits(now + SECOND)).isFalse();
    assertThat(limit.admits(now + 2 * SECOND)).isTrue();
    assertThat(limit.admits(now + 2 * SECOND)).isFalse();
    assertThat(limit.heldBack()).isEqualTo(before + 2);
  }
}
