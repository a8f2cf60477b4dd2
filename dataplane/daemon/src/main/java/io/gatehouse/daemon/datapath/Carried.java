// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.util.ArrayList;
import java.util.List;

/**
 * How much the tunnels of this process have carried, for those who want to know whether there is
 * traffic at all. Costs the packet path nothing: whoever asks adds up what each direction counts
 * for itself. Any thread.
 */
public final class Carried {
  private final List<Direction> directions = new ArrayList<>();
  private long before;

  /** Counts what this direction takes from now on, until {@link #remove}. */
  synchronized void add(Direction direction) {
    directions.add(direction);
  }

  /** What it took stays counted. */
  synchronized void remove(Direction direction) {
    if (directions.remove(direction)) {
      before += direction.octets();
    }
  }

  /** Octets so far, both ways together, headers included. */
  synchronized long octets() {
    long sum = before;
    for (Direction direction : directions) {
      sum += direction.octets();
    }
    return sum;
  }
}
