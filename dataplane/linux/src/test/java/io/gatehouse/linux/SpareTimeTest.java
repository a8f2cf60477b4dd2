// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.linux.SpareTime.Ticks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Simulated time; each look takes the next of the given ticks. */
class SpareTimeTest {
  private final Deque<Ticks> ticks = new ArrayDeque<>();
  private long now;
  private int pauses;

  @Test
  void readsWhatTheKernelSays() {
    String stat =
        "cpu  1392 50 1171 118763 33 7 46 8 90 9\ncpu0 694 0 602 59351 16 0 18 0 0 0\nintr 1\n";

    assertThat(Ticks.parse(stat)).contains(new Ticks(50 + 118763 + 33, 121470));
    assertThat(Ticks.parse("")).isEmpty();
    assertThat(Ticks.parse("cpu a b c d e f g h i")).isEmpty();
  }

  @Test
  void whatIsIdleIsThereAtOnce() {
    SpareTime spare = spare(new Ticks(0, 0), new Ticks(5, 20));

    spare.await();

    assertThat(pauses).isEqualTo(1);
  }

  @Test
  void isWaitedForWhileTheMachineIsBusy() {
    SpareTime spare = spare(new Ticks(0, 0), new Ticks(4, 20), new Ticks(8, 40), new Ticks(13, 60));

    spare.await();

    assertThat(pauses).isEqualTo(3);
  }

  @Test
  void isLookedForAgainAfterAWhile() {
    SpareTime spare =
        spare(new Ticks(0, 0), new Ticks(20, 20), new Ticks(20, 40), new Ticks(40, 60));
    spare.await();
    spare.await();
    assertThat(pauses).isEqualTo(1);

    now += 100_000_000;
    spare.await();

    assertThat(pauses).isEqualTo(2);
  }

  @Test
  void isNotWaitedForForever() {
    SpareTime spare =
        new SpareTime(
            Duration.ofSeconds(1), () -> Optional.of(new Ticks(0, ++now)), () -> now, this::pause);

    spare.await();
    assertThat(pauses).isEqualTo(10);
    now += 1_000_000_000;
    spare.await();

    assertThat(pauses).isEqualTo(10);
  }

  @Test
  void isAlwaysThereWhereTheKernelDoesNotTell() {
    SpareTime spare = new SpareTime(Duration.ofSeconds(9), Optional::empty, () -> now, this::pause);

    spare.await();

    assertThat(pauses).isLessThanOrEqualTo(1);
  }

  private SpareTime spare(Ticks... looks) {
    ticks.addAll(List.of(looks));
    return new SpareTime(
        Duration.ofSeconds(9), () -> Optional.of(ticks.pop()), () -> now, this::pause);
  }

  private void pause(long nanos) {
    now += nanos;
    pauses++;
  }
}
