// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

/**
 * How the packet path uses the processors of a machine unless a setting says otherwise. With few of
 * them two packet threads are all they can keep busy, and handing packets from thread to thread
 * costs more than it brings.
 */
final class Cores {
  private static final int FEW = 3;
  private static final int MOST = 8;

  private Cores() {}

  /** Threads that help with what one packet thread does not manage, for all tunnels together. */
  static int workers(int processors) {
    return processors <= FEW ? 0 : Math.min(processors - 2, MOST);
  }

  /** Queues of each TUN device. */
  static int queues(int processors) {
    return processors <= FEW ? 1 : Math.min(processors / 2, MOST);
  }
}
