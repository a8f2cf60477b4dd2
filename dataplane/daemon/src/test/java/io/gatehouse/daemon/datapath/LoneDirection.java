// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

/** One direction of a tunnel on a thread of its own, where a test needs no more. */
final class LoneDirection implements AutoCloseable {
  private final Direction direction;
  private final Thread thread;
  private volatile boolean stopped;

  LoneDirection(Direction direction) {
    this.direction = direction;
    thread = Thread.ofPlatform().daemon().start(this::run);
  }

  private void run() {
    Watch watch = new Watch(direction);
    try {
      while (!stopped) {
        if (direction.turn(false) == Direction.Found.NOTHING) {
          watch.await(-1);
        }
      }
    } finally {
      direction.end();
    }
  }

  @Override
  public void close() {
    stopped = true;
    direction.wake().signal();
    Threads.join(thread);
  }
}
