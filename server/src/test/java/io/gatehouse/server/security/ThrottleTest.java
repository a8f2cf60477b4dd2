// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private Instant now = Instant.EPOCH;
  private final Throttle throttle = new Throttle(() -> now);

  @Test
  void theFirstFiveTriesAreFree() {
    for (int i = 0; i < Throttle.FREE_TRIES; i++) {
      assertThat(throttle.admit("admin")).isZero();
    }
    assertThat(throttle.admit("admin")).isPositive();
  }

  @Test
  void pausesGrowUpToAMinute() {
    spendFreeTries();
    Duration last = Duration.ZERO;
    for (int i = 0; i < 20; i++) {
      Duration pause = throttle.admit("admin");
      assertThat(pause).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(Throttle.LONGEST_PAUSE);
      now = now.plus(pause);
      assertThat(throttle.admit("admin")).isZero();
      last = pause;
    }
    assertThat(last).isEqualTo(Throttle.LONGEST_PAUSE);
  }

  @Test
  void atMostAHundredGuessesAnHour() {
    int admitted = 0;
    for (int second = 0; second < 3600; second++) {
      now = Instant.EPOCH.plusSeconds(second);
      admitted += throttle.admit("admin").isZero() ? 1 : 0;
    }
    assertThat(admitted).isLessThan(100);
  }

  @Test
  void aRightPasswordForgivesTheWrongOnes() {
    spendFreeTries();
    throttle.succeeded("admin");
    assertThat(throttle.admit("admin")).isZero();
  }

  @Test
  void keysDoNotDisturbEachOther() {
    spendFreeTries();
    assertThat(throttle.admit("other")).isZero();
  }

  @Test
  void anHourOfRestIsForgiven() {
    spendFreeTries();
    now = now.plus(Duration.ofMinutes(61));
    for (int i = 0; i < Throttle.FREE_TRIES; i++) {
      assertThat(throttle.admit("admin")).isZero();
    }
  }

  private void spendFreeTries() {
    for (int i = 0; i < Throttle.FREE_TRIES; i++) {
      throttle.admit("admin");
    }
  }
}
