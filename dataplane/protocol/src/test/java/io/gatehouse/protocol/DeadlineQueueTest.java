// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlineQueueTest {
  @Test
  void theSoonestIsFirstHoweverOftenDeadlinesMove() {
    Device device =
        new Device(
            new SimulatedHost(new SimulatedNetwork(), 1), new Random(1), java.time.Instant::now, 0);
    DeadlineQueue queue = new DeadlineQueue();
    List<PeerControl> peers = new ArrayList<>();
    long[] deadlines = new long[200];
    for (int i = 0; i < deadlines.length; i++) {
      peers.add(new PeerControl(device, PublicKey.of(new byte[32])));
      deadlines[i] = Peer.NEVER;
    }
    Random random = new Random(2);
    long base = Long.MAX_VALUE - 500;
    for (int step = 0; step < 20_000; step++) {
      int i = random.nextInt(deadlines.length);
      deadlines[i] = random.nextInt(3) == 0 ? Peer.NEVER : base + random.nextInt(400);
      queue.set(peers.get(i), deadlines[i]);
      long soonest = Peer.NEVER;
      for (long deadline : deadlines) {
        if (deadline != Peer.NEVER && (soonest == Peer.NEVER || deadline < soonest)) {
          soonest = deadline;
        }
      }
      assertThat(queue.soonest()).isEqualTo(soonest);
    }
  }
}
