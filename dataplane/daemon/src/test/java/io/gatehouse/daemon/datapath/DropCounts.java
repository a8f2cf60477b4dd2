// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.DropReason;
import java.util.Map;
import java.util.TreeMap;

/** All counts of a tunnel's drops: its own, and those of its peers. */
final class DropCounts {
  private DropCounts() {}

  /** Of one reason, wherever it was counted. */
  static long of(Tunnel tunnel, DropReason reason) {
    return all(tunnel).entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(" " + reason))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Each count by its name, such as {@code tunnel MALFORMED}. */
  static Map<String, Long> all(Tunnel tunnel) {
    Map<String, Long> counts = new TreeMap<>();
    tunnel.drops().forEach((reason, count) -> counts.put("tunnel " + reason, count));
    tunnel
        .snapshot()
        .peers()
        .forEach(
            peer ->
                peer.drops()
                    .forEach(
                        (reason, count) -> counts.put(peer.publicKey() + " " + reason, count)));
    return counts;
  }
}
