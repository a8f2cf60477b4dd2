// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.BouncyCastleAead;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Batches that several threads work on leave once each, worked on, in their order. */
class PipelineTest {
  private static final int BATCHES = 60_000;

  private final Aead aead = new BouncyCastleAead();
  private final AtomicInteger leaving = new AtomicInteger();

  /** What has left; plain on purpose, as one thread at a time may write. */
  private final List<Integer> left = new ArrayList<>();

  private final List<String> faults = new ArrayList<>();

  private final class Numbered implements Pipeline.Batch {
    int number;
    int worked;

    @Override
    public void work(Aead any) {
      // Not all take equally long.
      for (int i = number % 7 * 40; i > 0; i--) {
        Thread.onSpinWait();
      }
      worked++;
    }

    @Override
    public void leave(Aead any) {
      if (leaving.getAndIncrement() != 0) {
        faults.add("two leave at a time");
      }
      if (worked != 1) {
        faults.add("worked on " + worked + " times");
      }
      left.add(number);
      leaving.getAndDecrement();
    }
  }

  @Test
  void whateverTheNumberOfWorkersAllLeaveInOrder() {
    for (int count = 0; count <= 3; count++) {
      left.clear();
      try (Workers workers = new Workers(count, BouncyCastleAead::new)) {
        Pipeline<Numbered> pipeline = new Pipeline<>(workers, Numbered::new);
        Random random = new Random(count);
        for (int number = 0; number < BATCHES; ) {
          Numbered batch = pipeline.free();
          if (batch == null) {
            if (!pipeline.help(aead)) {
              Pipeline.pause();
            }
            continue;
          }
          batch.number = number++;
          batch.worked = 0;
          pipeline.publish();
          switch (random.nextInt(200)) {
            case 0 -> {
              pipeline.drain(aead);
              assertThat(pipeline.isEmpty()).isTrue();
              assertThat(left).hasSize(number);
            }
            case 1, 2, 3, 4, 5, 6 -> pipeline.help(aead);
            default -> {}
          }
        }
        pipeline.drain(aead);
      }
      assertThat(faults).isEmpty();
      assertThat(left).hasSize(BATCHES).isSorted().first().isEqualTo(0);
      assertThat(left.getLast()).isEqualTo(BATCHES - 1);
    }
  }

  @Test
  void oneThatFailsDoesNotHoldUpTheOthers() {
    try (Workers workers = Workers.none()) {
      Pipeline<Failing> pipeline = new Pipeline<>(workers, Failing::new);
      for (int number = 0; number < 4; number++) {
        Failing batch = pipeline.free();
        assertThat(batch).isNotNull();
        batch.number = number;
        pipeline.publish();
      }
      assertThat(pipeline.free()).as("all are under way").isNull();

      assertThat(pipeline.help(aead)).isTrue();
      assertThatIllegalStateException().isThrownBy(() -> pipeline.help(aead));
      assertThatIllegalStateException().isThrownBy(() -> pipeline.help(aead));
      assertThat(pipeline.help(aead)).isTrue();

      assertThat(left).containsExactly(0, 1, 3);
      assertThat(pipeline.isEmpty()).isTrue();
    }
  }

  private final class Failing implements Pipeline.Batch {
    int number;

    @Override
    public void work(Aead any) {
      if (number == 1) {
        throw new IllegalStateException("in work");
      }
    }

    @Override
    public void leave(Aead any) {
      if (number == 2) {
        throw new IllegalStateException("in leaving");
      }
      left.add(number);
    }
  }
}
