// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.Errno;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Counts what the kernel refused of the offloads that it had granted, and says so once for each.
 * Any thread may count and read; a refusal is rare, as each is followed by a minute without.
 */
final class Fallbacks {
  private static final Refusals NONE = new Refusals(0, 0);

  private final Consumer<String> log;
  private final Map<Offload, Refusals> refusals = new ConcurrentHashMap<>();

  private record Refusals(long count, int newestErrno) {}

  /**
   * None yet.
   *
   * @param log told in a sentence of the first refusal of each offload, by the thread that met it
   */
  Fallbacks(Consumer<String> log) {
    this.log = log;
  }

  /** Counts {@code n} refusals, the newest for the reason {@code errno}. */
  void add(Offload offload, long n, int errno) {
    Refusals now =
        refusals.merge(
            offload,
            new Refusals(n, errno),
            (before, more) -> new Refusals(before.count + n, errno));
    if (now.count == n) {
      log.accept(
          "the kernel refused "
              + offload.words()
              + " ("
              + Errno.name(errno)
              + "). Nothing is lost: they go one by one for a minute, until it is tried again. If"
              + " this goes on, set "
              + offload.setting()
              + "=false.");
    }
  }

  /** How an offload fares that the administrator wanted and the kernel granted, or not. */
  OffloadState state(Offload offload, boolean wanted, boolean granted) {
    Refusals refused = refusals.getOrDefault(offload, NONE);
    return new OffloadState(
        offload,
        !wanted
            ? OffloadState.Use.OFF
            : granted ? OffloadState.Use.ON : OffloadState.Use.UNAVAILABLE,
        refused.count,
        refused.count == 0 ? "" : Errno.name(refused.newestErrno));
  }
}
