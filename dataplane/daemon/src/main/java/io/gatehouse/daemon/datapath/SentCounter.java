// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the datagrams that a socket took. Any thread. */
final class SentCounter {
  private final AtomicLong datagrams = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /** Some more, of so many octets of UDP payload in all. */
  void add(long count, long octets) {
    datagrams.getAndAdd(count);
    bytes.getAndAdd(octets);
  }

  long datagrams() {
    return datagrams.get();
  }

  long bytes() {
    return bytes.get();
  }
}
