// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.protocol.Endpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Handshake messages between two threads, also while somebody floods one of the lanes. */
class HandshakeQueueTest {
  private static final boolean MAC2 = true;
  private static final boolean NO_MAC2 = false;

  private final HandshakeQueue queue = new HandshakeQueue();
  private final MemorySegment memory = Arena.ofAuto().allocate(HandshakeQueue.MAX_LENGTH + 8);

  @Test
  void whatIsOfferedIsTakenAsItWas() {
    memory.set(ValueLayout.JAVA_BYTE, 5, (byte) 77);
    assertThat(queue.offer(memory, 5, 92, 1, 2, 65535, -3, 4, 5, 6)).isTrue();

    assertThat(queue.take(true)).isTrue();

    assertThat(queue.message()[0]).isEqualTo((byte) 77);
    assertThat(queue.length()).isEqualTo(92);
    assertThat(queue.from()).isEqualTo(new Endpoint(1, 2, 65535, -3, 4, 5, 6));
    queue.remove();
    assertThat(queue.take(true)).isFalse();
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void inALaneTheOldestComesFirstAndWhenItIsFullTheNewestIsDropped() {
    for (int i = 0; i < HandshakeQueue.CAPACITY; i++) {
      assertThat(offer(i, NO_MAC2)).isTrue();
    }
    assertThat(offer(-1, NO_MAC2)).isFalse();

    assertThat(takeAll()).hasSize(HandshakeQueue.CAPACITY).isSorted().first().isEqualTo(0);
    assertThat(offer(1, NO_MAC2)).isTrue();
  }

  @Test
  void aFloodInOneLaneLeavesTheOtherFreeAndServedInTurn() {
    for (boolean flooded : new boolean[] {MAC2, NO_MAC2}) {
      while (offer(1, flooded)) {
        assertThat(queue.isEmpty()).isFalse();
      }

      assertThat(offer(7, !flooded)).isTrue();

      assertThat(takeAll().indexOf(7)).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void theLaneWithoutMac2CanBeLeftWaiting() {
    assertThat(offer(1, NO_MAC2)).isTrue();
    assertThat(offer(2, MAC2)).isTrue();

    assertThat(queue.take(false)).isTrue();
    assertThat(queue.hasMac2()).isTrue();
    queue.remove();
    assertThat(queue.take(false)).isFalse();
    assertThat(queue.isEmpty()).isFalse();
    assertThat(takeAll()).containsExactly(1);
  }

  @Test
  void moreThanAFewHandshakesWaitingIsLoad() {
    for (int i = 0; i < HandshakeQueue.LOAD; i++) {
      assertThat(offer(i, NO_MAC2)).isTrue();
      assertThat(queue.isUnderLoad()).isFalse();
    }
    assertThat(offer(0, MAC2)).isTrue();
    assertThat(queue.isUnderLoad()).isTrue();
  }

  private boolean offer(int port, boolean mac2) {
    memory.fill((byte) 0);
    if (mac2) {
      memory.set(ValueLayout.JAVA_BYTE, 147, (byte) 1);
    }
    return queue.offer(memory, 0, 148, 0, 0, port, 0, 0, 0, 0);
  }

  /** The ports of all that wait, in the order in which they are served. */
  private List<Integer> takeAll() {
    List<Integer> taken = new ArrayList<>();
    while (queue.take(true)) {
      taken.add(queue.from().port());
      queue.remove();
    }
    return taken;
  }
}
