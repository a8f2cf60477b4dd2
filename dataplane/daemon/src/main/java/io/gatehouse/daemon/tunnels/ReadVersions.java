// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.history.History;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Contents of files that somebody has read and may write back: those that were given out last, and
 * those in the history. Holds secrets. Thread-safe.
 */
final class ReadVersions {
  private static final int MOST = 64;
  private static final long LARGEST = 16 << 20;

  private final History history;
  private final Map<String, byte[]> last = new LinkedHashMap<>(16, 0.75f, true);
  private long size;

  ReadVersions(History history) {
    this.history = history;
  }

  /** Keeps what is given out. */
  synchronized void put(String version, byte[] content) {
    if (last.putIfAbsent(version, content) == null) {
      size += content.length;
    }
    var oldest = last.entrySet().iterator();
    while (last.size() > MOST || size > LARGEST && last.size() > 1) {
      size -= oldest.next().getValue().length;
      oldest.remove();
    }
  }

  /** What a version was; empty if that is not known any more. */
  Optional<byte[]> get(String version) throws IOException {
    Optional<byte[]> kept = kept(version);
    return kept.isPresent() ? kept : history.content(version);
  }

  private synchronized Optional<byte[]> kept(String version) {
    return Optional.ofNullable(last.get(version));
  }
}
