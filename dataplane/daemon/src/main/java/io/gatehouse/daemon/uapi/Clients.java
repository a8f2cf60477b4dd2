// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import io.gatehouse.linux.UnixStream;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The clients of all sockets of this process, each with a thread. There is always room for one
 * more: the one that came first makes it, since whoever waits longest is the likeliest to do
 * nothing. Thread-safe.
 */
final class Clients {
  /** As many threads as there ever are for clients. */
  static final int MOST = 128;

  private final Set<UnixStream> streams = new LinkedHashSet<>();

  /** Takes one in; another one may be closed for it, and is then returned. */
  Optional<UnixStream> add(UnixStream stream) {
    Optional<UnixStream> oldest = Optional.empty();
    synchronized (streams) {
      if (streams.size() >= MOST) {
        oldest = Optional.of(streams.iterator().next());
        oldest.ifPresent(streams::remove);
      }
      streams.add(stream);
    }
    oldest.ifPresent(UnixStream::close);
    return oldest;
  }

  void remove(UnixStream stream) {
    synchronized (streams) {
      streams.remove(stream);
    }
  }
}
