// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which thread takes packets which way, and that none is lost or overtaken when that changes. */
class PacketThreadsTest {
  private static final PacketThreads.Sharing NEVER =
      new PacketThreads.Sharing(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  /** The transmit direction is lent as soon as there is something both ways. */
  private static final PacketThreads.Sharing FOR_LONG =
      new PacketThreads.Sharing(1, Long.MAX_VALUE, Long.MAX_VALUE);

  private static final PacketThreads.Sharing FOR_A_MOMENT =
      new PacketThreads.Sharing(1, 0, Long.MAX_VALUE);

  private static final PacketThreads.Sharing WHILE_MUCH_BOTH_WAYS =
      new PacketThreads.Sharing(1, Long.MAX_VALUE, 0);

  private static final String FIRST = "made-up-receive";
  private static final String SECOND = "made-up-transmit";

  /** Much more than it takes. */
  private static final long PATIENCE = 120_000_000_000L;

  private final Random random = new Random(20261128);
  private MadeUpDirection receive;
  private MadeUpDirection transmit;
  private int ends;

  @BeforeEach
  void open() throws Exception {
    receive = new MadeUpDirection();
    transmit = new MadeUpDirection();
  }

  @AfterEach
  void theDirectionsWereUsedRightly() {
    assertThat(receive.failures).isEmpty();
    assertThat(transmit.failures).isEmpty();
    assertThat(receive.threads).isSubsetOf(FIRST);
    assertThat(receive.ended).isEqualTo(ends);
    assertThat(transmit.ended).isEqualTo(ends);
    receive.close();
    transmit.close();
  }

  @Test
  void oneThreadTakesBothWaysWhileItManages() {
    run(
        NEVER,
        () -> {
          for (int i = 0; i < 100; i++) {
            pass(random.nextInt(20), random.nextInt(20));
          }
        });

    assertThat(transmit.threads).containsExactly(FIRST);
  }

  @Test
  void aPacketThatComesAloneCostsNoLookTheOtherWay() {
    run(
        NEVER,
        () -> {
          pass(1, 1);
          eventually(
              () -> {
                LockSupport.parkNanos(1_000_000);
                int before = receive.turns;
                transmit.give(1);
                eventually(transmit::isEmpty);
                LockSupport.parkNanos(1_000_000);
                return receive.turns == before;
              });
        });
  }

  @Test
  void theSecondThreadTransmitsWhileThereIsMuchBothWays() {
    run(
        FOR_LONG,
        () -> {
          untilLent();
          int before = transmit.changesOfHands;
          for (int i = 0; i < 100; i++) {
            pass(random.nextInt(20), random.nextInt(20));
          }
          assertThat(transmit.changesOfHands).isEqualTo(before);
        });
  }

  @Test
  void theSecondThreadTransmitsWhenWorkersHelp() {
    receive.helped = true;

    run(NEVER, this::untilLent);
  }

  @Test
  void theFirstThreadTransmitsAgainWhenTheSecondHasHadNothingToDo() {
    run(FOR_A_MOMENT, this::untilGivenBack);
  }

  @Test
  void theFirstThreadTransmitsAgainWhenThereIsLittleOneWay() {
    run(WHILE_MUCH_BOTH_WAYS, this::untilGivenBack);
  }

  @Test
  void nothingIsLostOrOvertakenWhileTheDirectionChangesHands() {
    run(
        FOR_A_MOMENT,
        () -> {
          Thread other = Thread.ofPlatform().start(() -> feed(receive, 1));
          feed(transmit, 2);
          Threads.join(other);
          eventually(receive::isEmpty);
          eventually(transmit::isEmpty);
        });
  }

  @Test
  void aCallIsHeardWhoeverHasTheDirection() {
    run(
        FOR_LONG,
        () -> {
          call();
          untilLent();
          call();
        });
  }

  @Test
  void afterAnErrorOfEitherThreadBothGoOn() {
    run(
        FOR_LONG,
        () -> {
          receive.failsNext = true;
          pass(1, 1);
          transmit.failsNext = true;
          pass(1, 1);
          untilLent();
          transmit.failsNext = true;
          pass(1, 1);
          receive.failsNext = true;
          pass(1, 1);
        });
  }

  @Test
  void bothEndWhoeverHasTheDirection() {
    for (int i = 0; i < 300; i++) {
      run(
          random.nextBoolean() ? FOR_LONG : FOR_A_MOMENT,
          () -> {
            receive.give(random.nextInt(20));
            transmit.give(random.nextInt(20));
            LockSupport.parkNanos(random.nextInt(200_000));
          });
    }
  }

  private void run(PacketThreads.Sharing sharing, Runnable test) {
    PacketThreads threads = new PacketThreads("made-up", receive, transmit, true, sharing);
    threads.start();
    try {
      test.run();
    } finally {
      threads.stop();
      threads.join();
      ends++;
    }
  }

  /** So many packets come each way, and are taken. */
  private void pass(int in, int out) {
    receive.give(in);
    transmit.give(out);
    eventually(receive::isEmpty);
    eventually(transmit::isEmpty);
  }

  private void untilLent() {
    eventually(
        () -> {
          pass(20, 20);
          return transmit.threads.contains(SECOND);
        });
  }

  private void untilGivenBack() {
    untilLent();
    eventually(
        () -> {
          int before = transmit.changesOfHands;
          pass(0, 20);
          return transmit.changesOfHands > before;
        });
  }

  private void call() {
    int before = transmit.turns;
    transmit.wake().signal();
    eventually(() -> transmit.turns > before);
  }

  /** Many packets in bursts, until the transmit direction has changed hands many times. */
  private void feed(MadeUpDirection direction, long seed) {
    Random pauses = new Random(seed);
    long deadline = System.nanoTime() + PATIENCE;
    for (int burst = 0; burst < 20_000 || transmit.changesOfHands < 50; burst++) {
      assertThat(System.nanoTime() - deadline).as("beyond all patience").isNegative();
      direction.give(pauses.nextInt(5));
      if (pauses.nextInt(100) == 0) {
        LockSupport.parkNanos(pauses.nextInt(300_000));
      }
    }
  }

  private static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("beyond all patience").isNegative();
      LockSupport.parkNanos(20_000);
    }
  }
}
