// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Rates.Flow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RatesTest {
  private long now = 1_000_000;
  private final Rates rates = new Rates(() -> now);

  @Test
  void aRateIsWhatCountersRoseSinceTheStateBefore() {
    see(0, 100, 1000);
    see(1000, 600, 3000);
    assertThat(rates.tunnel("wg0")).isEqualTo(new Flow(500, 2000));
    assertThat(rates.gateway()).isEqualTo(new Flow(500, 2000));
    assertThat(rates.tunnel("wg1")).isEqualTo(Flow.NONE);
  }

  @Test
  void nothingFlowsWhenTheDataPlaneHasNothingNewToSay() {
    see(0, 100, 1000);
    see(1000, 600, 3000);
    now += 3000;
    assertThat(rates.gateway()).isEqualTo(Flow.NONE);
  }

  @Test
  void countersThatBeganAnewMakeNoRate() {
    see(0, 100, 1000);
    see(1000, 0, 0);
    assertThat(rates.gateway()).isEqualTo(Flow.NONE);
  }

  @Test
  void recentFlowsAreKeptAtEvenDistanceAndBounded() {
    for (int second = 0; second < 400; second++) {
      see(1000, second * 100L, second * 200L);
    }
    assertThat(rates.recent()).hasSize(Rates.KEPT).containsOnly(new Flow(100, 200));
    now += 20_000;
    assertThat(rates.recent()).hasSize(Rates.KEPT).endsWith(Flow.NONE, Flow.NONE, Flow.NONE);
  }

  @Test
  void aDataPlaneThatIsGoneHasNoRates() {
    see(0, 100, 1000);
    see(1000, 600, 3000);
    rates.see(new GatewayView(Optional.empty(), false, Instant.EPOCH, "gone"));
    assertThat(rates.gateway()).isEqualTo(Flow.NONE);
  }

  private void see(long later, long rx, long tx) {
    now += later;
    TunnelStatus tunnel =
        new TunnelStatus(
            "wg0",
            "wg0.conf",
            TunnelStatus.State.UP,
            7,
            "",
            0,
            0,
            0,
            List.of(),
            List.of(),
            List.of(),
            rx,
            tx,
            0,
            0,
            0,
            0,
            List.of(),
            List.of(),
            1);
    rates.see(
        new GatewayView(
            Optional.of(new GatewayStatus("0.1", "/etc", 1, now, List.of(tunnel))),
            true,
            Instant.EPOCH,
            ""));
  }
}
