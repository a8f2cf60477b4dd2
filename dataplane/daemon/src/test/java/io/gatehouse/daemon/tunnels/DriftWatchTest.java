// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many changes cost one look, and none costs nothing. */
class DriftWatchTest {
  private final SimulatedExecutor executor = new SimulatedExecutor();
  private final List<String> looks = new ArrayList<>();
  private final DriftWatch watch = new DriftWatch(executor, looks::add);

  @Test
  void aLookComesAMomentAfterTheFirstOfManyChanges() {
    executor.pass(3_600_000, MILLISECONDS);
    assertThat(looks).isEmpty();
    for (int i = 0; i < 1000; i++) {
      watch.mayHaveChanged("wg0");
    }
    watch.mayHaveChanged("wg1");
    executor.pass(DriftWatch.PAUSE_MILLIS - 1, MILLISECONDS);
    assertThat(looks).isEmpty();
    executor.pass(1, MILLISECONDS);
    assertThat(looks).containsExactly("wg0", "wg1");
    executor.pass(3_600_000, MILLISECONDS);
    assertThat(looks).hasSize(2);
  }

  @Test
  void aChangeAfterALookCallsForAnother() {
    watch.mayHaveChanged("wg0");
    executor.pass(DriftWatch.PAUSE_MILLIS, MILLISECONDS);
    watch.mayHaveChanged("wg0");
    executor.pass(DriftWatch.PAUSE_MILLIS, MILLISECONDS);
    assertThat(looks).containsExactly("wg0", "wg0");
  }

  @Test
  void afterTheEndNobodyLooks() {
    executor.shutdownNow();
    watch.mayHaveChanged("wg0");
    assertThat(looks).isEmpty();
  }
}
