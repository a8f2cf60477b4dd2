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
}
