// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Several writers and readers at one ring: what is put in comes out once and whole. */
class SlotRingTest {
  private static final int EACH = 200_000;
  private static final int WRITERS = 2;
  private static final int READERS = 2;

  @Test
  void whatAWriterPutsInComesOutOnceAndInItsOrder() throws Exception {
    SlotRing ring = new SlotRing(16);
    int[] values = new int[16];
    AtomicIntegerArray came = new AtomicIntegerArray(WRITERS * EACH);
    List<String> faults = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = 0; n < EACH; ) {
                      int slot = ring.claim();
                      if (slot < 0) {
                        Thread.onSpinWait();
                        continue;
                      }
                      values[slot] = writer * EACH + n++;
                      ring.fill(slot);
                    }
                  }));
    }
    AtomicIntegerArray left = new AtomicIntegerArray(new int[] {WRITERS * EACH});
    for (int i = 0; i < READERS; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    int[] last = new int[WRITERS];
                    Arrays.fill(last, -1);
                    while (left.get(0) > 0) {
                      int slot = ring.take();
                      if (slot < 0) {
                        Thread.onSpinWait();
                        continue;
                      }
                      int value = values[slot];
                      ring.free(slot);
                      left.getAndDecrement(0);
                      came.getAndIncrement(value);
                      int writer = value / EACH;
                      if (value <= last[writer]) {
                        synchronized (faults) {
                          faults.add(value + " after " + last[writer]);
                        }
                      }
                      last[writer] = value;
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(faults).isEmpty();
    for (int value = 0; value < came.length(); value++) {
      assertThat(came.get(value)).isEqualTo(1);
    }
    assertThat(ring.size()).isZero();
  }

  @Test
  void aFullRingGivesNoSlotUntilOneIsFree() {
    SlotRing ring = new SlotRing(2);
    assertThat(ring.take()).isEqualTo(-1);
    int first = ring.claim();
    int second = ring.claim();
    assertThat(ring.claim()).isEqualTo(-1);
    ring.fill(second);
    assertThat(ring.take()).as("the first is not filled yet").isEqualTo(-1);
    ring.fill(first);
    assertThat(ring.take()).isEqualTo(first);
    assertThat(ring.claim()).as("taken and not yet free").isEqualTo(-1);
    ring.free(first);
    assertThat(ring.claim()).isEqualTo(first);
    assertThat(ring.size()).isEqualTo(2);
  }
}
