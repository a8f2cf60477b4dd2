// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.PublicKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IndexTableTest {
  private final Device device =
      new Device(
          new SimulatedHost(new SimulatedNetwork(), 1), new Random(1), java.time.Instant::now, 0);
  private final PeerControl owner = new PeerControl(device, PublicKey.of(new byte[32]));

  @Test
  void indicesAreUniqueAndNewAndFoundAgain() {
    IndexTable table = new IndexTable(new Random(3));
    Random random = new Random(4);
    Deque<Integer> live = new ArrayDeque<>();
    Set<Integer> ever = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      if (live.size() > 50 && random.nextBoolean()) {
        int gone = live.remove();
        table.release(gone);
        assertThat(table.owner(gone)).isNull();
      } else {
        int index = table.take(owner);
        assertThat(ever.add(index)).as("index %08x is new", index).isTrue();
        assertThat(table.owner(index)).isSameAs(owner);
        live.add(index);
      }
    }
    live.forEach(index -> assertThat(table.owner(index)).isSameAs(owner));
  }

  @Test
  void whatWasNeverGivenIsNobodys() {
    IndexTable table = new IndexTable(new Random(3));
    table.take(owner);
    Random random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      assertThat(table.session(random.nextInt())).isNull();
    }
  }

  @Test
  void neighboursLookUnrelated() {
    IndexTable table = new IndexTable(new Random(3));
    int bits = 0;
    int before = table.take(owner);
    for (int i = 0; i < 1000; i++) {
      int index = table.take(owner);
      bits += Integer.bitCount(index ^ before);
      before = index;
    }
    assertThat(bits / 1000.0).isBetween(14.0, 18.0);
  }
}
