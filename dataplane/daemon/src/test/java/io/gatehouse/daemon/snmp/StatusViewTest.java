// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.GatewayStatus;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StatusViewTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
  private final AtomicInteger taken = new AtomicInteger();
  private final StatusView view = new StatusView(this::take, nanos::get);

  private long cost;

  private GatewayStatus take() {
    nanos.addAndGet(cost);
    return new GatewayStatus("1", "/x", 0, taken.incrementAndGet(), List.of());
  }

  @Test
  void requestsWithinAQuarterSecondShareOneStatus() {
    assertThat(view.now().time()).isEqualTo(1);
    nanos.addAndGet(250_000_000);
    assertThat(view.now().time()).isEqualTo(1);
    nanos.addAndGet(1);
    assertThat(view.now().time()).isEqualTo(2);
  }

  @Test
  void whatTakesLongIsTakenSeldom() {
    cost = 100_000_000;
    assertThat(view.now().time()).isEqualTo(1);
    nanos.addAndGet(1_900_000_000);
    assertThat(view.now().time()).isEqualTo(1);
    nanos.addAndGet(1);
    assertThat(view.now().time()).isEqualTo(2);
  }

  @Test
  void rowsAreMadeOnceForEachStatus() {
    AtomicInteger made = new AtomicInteger();
    Supplier<Rows<Long>> rows =
        view.rows(
            status -> {
              made.incrementAndGet();
              return Rows.scalars(status.time());
            });

    assertThat(rows.get()).isSameAs(rows.get());
    nanos.addAndGet(300_000_000);
    assertThat(rows.get().row(0)).isEqualTo(2L);
    assertThat(made).hasValue(2);
  }
}
