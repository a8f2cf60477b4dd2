// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.protocol.Peer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the packet threads of one direction drop: each packet once by its reason, at its peer
 * where that is known and else at the device, and all of them for the interface.
 */
final class DropCounters {
  private final Device device;
  private final AtomicLong total = new AtomicLong();

  DropCounters(Device device) {
    this.device = device;
  }

  /** Any thread: of nobody we know. */
  void add(DropReason reason, long n) {
    total.getAndAdd(n);
    device.drop(reason, n);
  }

  /** Any thread: counted for the peer where there is one. */
  void add(@Nullable Peer peer, DropReason reason, long n) {
    if (peer == null) {
      add(reason, n);
    } else {
      total.getAndAdd(n);
      peer.drop(reason, n);
    }
  }

  /** Of all reasons. Any thread. */
  long total() {
    return total.get();
  }
}
