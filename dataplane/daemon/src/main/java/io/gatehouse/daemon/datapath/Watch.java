// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.Poller;

/** Waits until one of some directions has something to do. For one thread. */
final class Watch {
  /** Traffic with pauses like this is not in a hurry to be joined; nanoseconds. */
  private static final long QUIET = 30_000;

  private final Direction[] directions;
  private final Poller poller;

  // Slots: for each direction its call and then its packets.
  private final int[] watched;

  /** The last wait failed. */
  private boolean unknown;

  private boolean slept;

  Watch(Direction... directions) {
    this.directions = directions;
    poller = new Poller(2 * directions.length);
    watched = new int[directions.length];
    for (int i = 0; i < directions.length; i++) {
      poller.add(directions[i].wake().fd());
      watched[i] = directions[i].fd();
      poller.add(watched[i]);
    }
  }

  /**
   * Waits.
   *
   * @param nanos how long at most; 0 only looks, below 0 waits without end
   * @return false when the time was over
   */
  boolean await(long nanos) {
    for (int i = 0; i < watched.length; i++) {
      int fd = directions[i].fd();
      if (fd != watched[i]) {
        watched[i] = fd;
        poller.replace(2 * i + 1, fd);
      }
    }
    // An error is of one datagram that a peer's host refused (ICMP); it is read by the next turn.
    long began = System.nanoTime();
    int answers = poller.poll(nanos);
    slept = System.nanoTime() - began > QUIET;
    unknown = answers < 0;
    for (int i = 0; i < watched.length; i++) {
      if (poller.readable(2 * i)) {
        directions[i].wake().drain();
      }
    }
    return answers != 0;
  }

  /** Whether the last wait was so long that what ended it has come alone. */
  boolean slept() {
    return slept;
  }

  /**
   * Whether the last wait ended since a direction has something to do.
   *
   * @param i its place among the directions
   */
  boolean has(int i) {
    return unknown || poller.answered(2 * i) || poller.answered(2 * i + 1);
  }
}
