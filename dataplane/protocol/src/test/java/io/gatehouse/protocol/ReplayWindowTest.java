// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
  @Test
  void eachCounterIsTakenOnce() {
    ReplayWindow window = new ReplayWindow();
    assertThat(window.accept(0)).isTrue();
    assertThat(window.accept(0)).isFalse();
    assertThat(window.accept(1)).isTrue();
    assertThat(window.accept(63)).isTrue();
    assertThat(window.accept(64)).isTrue();
    assertThat(window.accept(62)).isTrue();
    assertThat(window.accept(62)).isFalse();
  }

  @Test
  void usableWidthIs8128() {
    ReplayWindow window = new ReplayWindow();
    assertThat(window.accept(20_000)).isTrue();
    assertThat(window.accept(20_000 - 8128)).isTrue();
    assertThat(window.accept(20_000 - 8129)).isFalse();
  }

  @Test
  void countersAreUnsignedUpToTheLast() {
    ReplayWindow window = new ReplayWindow();
    long last = Limits.REJECT_AFTER_MESSAGES - 1;
    assertThat(window.accept(Long.MAX_VALUE)).isTrue();
    assertThat(window.accept(Long.MIN_VALUE)).isTrue();
    assertThat(window.accept(Long.MAX_VALUE)).isFalse();
    assertThat(window.accept(last)).isTrue();
    assertThat(window.accept(last)).isFalse();
    assertThat(window.accept(5)).isFalse();
  }

  @Test
  void behavesAsASetOfAllCountersSeen() {
    Random random = new Random(42);
    for (int round = 0; round < 20; round++) {
      ReplayWindow window = new ReplayWindow();
      Set<Long> seen = new HashSet<>();
      long greatest = -1;
      long base = 0;
      for (int i = 0; i < 20_000; i++) {
        base += random.nextInt(100) == 0 ? random.nextInt(20_000) : random.nextInt(4);
        long counter = Math.max(0, base - random.nextInt(random.nextBoolean() ? 20 : 9000));
        boolean expected = counter >= greatest - 8128 && seen.add(counter);
        greatest = Math.max(greatest, counter);
        assertThat(window.accept(counter)).as("counter %d", counter).isEqualTo(expected);
      }
    }
  }

  // The sweeps that the kernel runs when it loads, by their ideas.

  private static final int WIDTH = ReplayWindow.USABLE;

  @Test
  void forwardOverTheWholeWidthTheOldestIsStillTaken() {
    for (long start = 1; start <= 2; start++) {
      ReplayWindow window = new ReplayWindow();
      for (long counter = start; counter < start + WIDTH; counter++) {
        assertThat(window.accept(counter)).isTrue();
      }
      assertThat(window.accept(start - 1)).isTrue();
      for (long counter = start - 1; counter < start + WIDTH; counter++) {
        assertThat(window.accept(counter)).isFalse();
      }
    }
    ReplayWindow window = new ReplayWindow();
    for (long counter = 2; counter <= WIDTH + 1; counter++) {
      assertThat(window.accept(counter)).isTrue();
    }
    assertThat(window.accept(0)).as("one too old").isFalse();
  }

  @Test
  void backwardOverTheWholeWidthEachIsTakenOnce() {
    for (long base : new long[] {0, 1, 63, 64, 100_000, Long.MAX_VALUE - 4000, -20_000L}) {
      ReplayWindow window = new ReplayWindow();
      for (long counter = base + WIDTH; counter != base - 1; counter--) {
        assertThat(window.accept(counter)).as("%d", counter).isTrue();
        assertThat(window.accept(counter)).as("%d again", counter).isFalse();
      }
      if (base != 0) {
        assertThat(window.accept(base - 1)).as("one too old").isFalse();
      }
    }
  }

  @Test
  void aStepOfAnyLengthForgetsOnlyWhatLeavesTheWindow() {
    for (int step : new int[] {1, 63, 64, 65, 127, 128, 4096, 8063, 8064, 8127, 8128, 8129, 8192}) {
      for (int offset = 0; offset < 130; offset++) {
        ReplayWindow window = new ReplayWindow();
        assertThat(window.accept(offset)).isTrue();
        assertThat(window.accept((long) offset + step)).isTrue();
        assertThat(window.accept(offset)).as("step %d", step).isFalse();
        long oldest = (long) offset + step - WIDTH;
        if (oldest >= 0) {
          assertThat(window.accept(oldest)).isEqualTo(oldest != offset);
        }
        assertThat(window.accept((long) offset + step + WIDTH)).isTrue();
        assertThat(window.accept((long) offset + step)).isFalse();
      }
    }
  }

  @Test
  void upToTheLastCounterBelowTheLimit() {
    ReplayWindow window = new ReplayWindow();
    long last = Limits.REJECT_AFTER_MESSAGES - 1;
    assertThat(window.accept(0)).isTrue();
    for (long counter = last - WIDTH; counter != last + 1; counter++) {
      assertThat(window.accept(counter)).isTrue();
    }
    for (long counter = last - WIDTH - 5; counter != last + 1; counter++) {
      assertThat(window.accept(counter)).isFalse();
    }
    assertThat(window.accept(0)).isFalse();
    assertThat(window.accept(1)).isFalse();
  }
}
