// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CalmLogTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final CalmLog log = new CalmLog(nanos::get);

  @Test
  void floodGivesOneBurstAndThenOneMessageASecondWithTheNumberLeftOut() {
    int admitted = 0;
    for (int i = 0; i < 1000; i++) {
      if (log.admit() >= 0) {
        admitted++;
      }
    }
    assertThat(admitted).isEqualTo(CalmLog.BURST);

    nanos.addAndGet(1_000_000_000L);
    assertThat(log.admit()).isEqualTo(1000 - CalmLog.BURST);
    assertThat(log.admit()).isEqualTo(-1);
  }

  @Test
  void restFillsTheBurstAgainButNoMore() {
    while (log.admit() >= 0) {}
    nanos.addAndGet(3600 * 1_000_000_000L);

    int admitted = 0;
    while (log.admit() >= 0) {
      admitted++;
    }
    assertThat(admitted).isEqualTo(CalmLog.BURST);
  }
}
