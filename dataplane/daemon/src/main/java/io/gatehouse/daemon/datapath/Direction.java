// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;

/**
 * One of the two ways of packets through a tunnel, as the thread sees it that takes them along it.
 * For one thread at a time; {@link PacketThreads} says for which.
 */
interface Direction {
  /** What a turn found. */
  enum Found {
    /** Nothing had come; what came before has left, or helpers are at it. */
    NOTHING,
    /** One packet, which has left; whether there are more was not looked. */
    ONE,
    /** More than that, or what may be. */
    MORE
  }

  /**
   * Takes what has come to its end, but no more than may keep the other direction waiting.
   *
   * @param alone whether what has come is likely to be one packet: then it leaves, and a second one
   *     is not looked for
   */
  Found turn(boolean alone);

  /** A descriptor that is readable when {@link #turn} has something to take; negative for none. */
  int fd();

  /** Signalled by who wants a {@link #turn} though no packet has come. */
  EventFd wake();

  /** Any thread: whether there is so much that workers help. */
  boolean isHelped();

  /** Any thread: octets taken so far. */
  long octets();

  /** Finishes what is under way, and forgets what an error has left behind. */
  void settle();

  /** Nothing is taken any more, by no thread. */
  void end();
}
