// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final long SECOND = 1_000_000_000L;
  private final RateLimiter limiter = new RateLimiter(0);

  private int allowed(Endpoint from, int times, long now) {
    int count = 0;
    for (int i = 0; i < times; i++) {
      count += limiter.allow(from, now) ? 1 : 0;
    }
    return count;
  }

  @Test
  void aBurstOfFiveThenTwentyASecond() {
    Endpoint source = SimulatedHost.address(1, 1);
    assertThat(allowed(source, 10, 0)).isEqualTo(5);
    assertThat(allowed(source, 10, SECOND / 20)).isEqualTo(1);
    assertThat(allowed(source, 10, SECOND / 4)).isEqualTo(4);
    assertThat(allowed(source, 100, 10 * SECOND)).isEqualTo(5);
  }

  @Test
  void oneIpv6HostCannotUseItsWholePrefix() {
    int count = 0;
    for (int i = 0; i < 100; i++) {
      count += limiter.allow(new Endpoint(0x20010db8_00000000L, i, 1, 0, 0, 0, 0), 0) ? 1 : 0;
    }
    assertThat(count).isEqualTo(5);
    assertThat(allowed(new Endpoint(0x20010db8_00000001L, 0, 1, 0, 0, 0, 0), 1, 0)).isEqualTo(1);
  }

  @Test
  void ipv4HostsDoNotShare() {
    assertThat(allowed(SimulatedHost.address(1, 1), 9, 0)).isEqualTo(5);
    assertThat(allowed(SimulatedHost.address(2, 1), 9, 0)).isEqualTo(5);
  }

  @Test
  void theTableIsBoundedAndEmptiesAgain() {
    int count = 0;
    for (int i = 0; i < 80_000; i++) {
      count += limiter.allow(new Endpoint((long) i << 32, 0, 1, 0, 0, 0, 0), 0) ? 1 : 0;
    }
    assertThat(count).isEqualTo(65_536);
    assertThat(limiter.allow(new Endpoint(77L << 48, 0, 1, 0, 0, 0, 0), 2 * SECOND)).isTrue();
  }
}
