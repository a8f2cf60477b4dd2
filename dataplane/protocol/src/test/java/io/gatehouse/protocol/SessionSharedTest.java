// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** What several packet threads share of a session: the counters to send and the replay window. */
class SessionSharedTest extends TwoHosts {
  private static final int THREADS = 3;

  @Test
  void noCounterIsReservedTwiceAndNoneIsLeftOut() throws Exception {
    session();
    Session session = sending(alice);
    session.sendCounter(0);
    int each = 200_000;
    AtomicIntegerArray used = new AtomicIntegerArray(THREADS * each * 4);

    together(
        thread -> {
          Random random = new Random(thread);
          int left = each;
          while (left > 0) {
            int packets = Math.min(left, 1 + random.nextInt(44));
            long first = session.reserve(packets);
            for (int i = 0; i < packets; i++) {
              used.getAndIncrement((int) first + i);
            }
            left -= packets;
          }
        });

    for (int counter = 0; counter < THREADS * each; counter++) {
      assertThat(used.get(counter)).as("counter %d", counter).isEqualTo(1);
    }
    assertThat(used.get(THREADS * each)).isZero();
  }

  @Test
  void atTheEndOfTheCountersNobodyGetsOneThatWasUsedBefore() throws Exception {
    session();
    Session session = sending(alice);
    for (int round = 0; round < 200; round++) {
      session.sendCounter(Limits.REJECT_AFTER_MESSAGES - 1000);
      AtomicIntegerArray used = new AtomicIntegerArray(1000);

      together(
          thread -> {
            for (int i = 0; i < 100; i++) {
              int packets = 1 + (thread + i) % 7;
              long first = session.reserve(packets);
              for (int j = 0; first != Session.NO_COUNTER && j < packets; j++) {
                used.getAndIncrement((int) (first + 1000 - Limits.REJECT_AFTER_MESSAGES) + j);
              }
            }
          });

      for (int i = 0; i < used.length(); i++) {
        assertThat(used.get(i)).isLessThanOrEqualTo(1);
      }
      assertThat(session.reserve(7)).isEqualTo(Session.NO_COUNTER);
    }
  }

  @Test
  void aCounterThatAllThreadsHoldIsAcceptedByOne() throws Exception {
    ReplayWindow window = new ReplayWindow();
    int counters = 300_000;
    AtomicIntegerArray accepted = new AtomicIntegerArray(counters);

    together(
        thread -> {
          Random random = new Random(thread);
          for (int counter = 0; counter < counters; counter++) {
            int late = Math.max(0, counter - random.nextInt(300));
            for (int c : new int[] {counter, late}) {
              if (window.accept(c)) {
                accepted.getAndIncrement(c);
              }
            }
          }
        });

    for (int counter = 0; counter < counters; counter++) {
      assertThat(accepted.get(counter)).as("counter %d", counter).isLessThanOrEqualTo(1);
    }
    assertThat(accepted.get(counters - 1)).isEqualTo(1);
  }

  @Test
  void whatTheThreadsShareOutAmongThemIsAcceptedWhole() throws Exception {
    ReplayWindow window = new ReplayWindow();
    int rounds = 400;
    AtomicIntegerArray accepted = new AtomicIntegerArray(rounds);
    CyclicBarrier step = new CyclicBarrier(THREADS);

    together(
        thread -> {
          for (int round = 0; round < rounds; round++) {
            // Within one width, so that nobody can come too late.
            for (int i = thread; i < 4000; i += THREADS) {
              if (window.accept(round * 4000L + i)) {
                accepted.getAndIncrement(round);
              }
            }
            await(step);
          }
        });

    for (int round = 0; round < rounds; round++) {
      assertThat(accepted.get(round)).isEqualTo(4000);
    }
  }

  private static void together(IntConsumer work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Throwable> thrown = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      await(start);
                      work.accept(number);
                    } catch (RuntimeException | Error e) {
                      synchronized (thrown) {
                        thrown.add(e);
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(thrown).isEmpty();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }
}
