// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Parameters of the notification {@code changes}: what differs from the status as the client knows
 * it by now. Tunnels are told apart by their {@code file}, peers by their {@code publicKey}.
 *
 * @param sequence 1 for the first one after {@code subscribe}, and one more each time; whoever
 *     meets another number has missed something and subscribes again
 * @param time Unix milliseconds when this was taken, which the status has from now on
 * @param seconds whole seconds that have passed by the monotonic clock since the status or
 *     notification before; each {@code lastHandshakeAge} that is not -1 and not named here is that
 *     much higher
 * @param commit the commit that waits to be confirmed; when it is missing none does
 * @param removed files of tunnels that are gone
 * @param tunnels those that are new or differ; the status has them sorted by file
 * @param config what became of changed files, as the status has it from now on
 */
public record StatusChanges(
    long sequence,
    long time,
    long seconds,
    Optional<CommitStatus> commit,
    List<String> removed,
    List<TunnelChange> tunnels,
    Optional<ConfigActivity> config) {
  /** Copies the lists. */
  public StatusChanges {
    removed = List.copyOf(removed);
    tunnels = List.copyOf(tunnels);
  }

  /**
   * What differs between two statuses of the same data plane, apart from the mere passing of time.
   *
   * @param sequence of the notification
   * @param seconds that have passed between them
   */
  public static StatusChanges between(
      GatewayStatus before, GatewayStatus after, long sequence, long seconds) {
    Map<String, TunnelStatus> known = byFile(before.tunnels());
    List<TunnelChange> changed = new ArrayList<>();
    for (TunnelStatus tunnel : after.tunnels()) {
      TunnelChange.between(Optional.ofNullable(known.remove(tunnel.file())), tunnel)
          .ifPresent(changed::add);
    }
    return new StatusChanges(
        sequence,
        after.time(),
        seconds,
        after.commit(),
        List.copyOf(known.keySet()),
        changed,
        after.config());
  }

  /** Whether the status is still what a client knows, but for the passing of time. */
  public boolean isNothing(GatewayStatus known) {
    return removed.isEmpty()
        && tunnels.isEmpty()
        && commit.equals(known.commit())
        && config.equals(known.config());
  }

  /** The status as it is now. */
  public GatewayStatus applyTo(GatewayStatus known) {
    TreeMap<String, TunnelStatus> tunnelsNow = byFile(known.tunnels());
    removed.forEach(tunnelsNow::remove);
    Set<String> named = new HashSet<>();
    for (TunnelChange change : tunnels) {
      String file = change.tunnel().file();
      named.add(file);
      tunnelsNow.put(file, change.applyTo(Optional.ofNullable(tunnelsNow.get(file)), seconds));
    }
    tunnelsNow.replaceAll(
        (file, tunnel) -> named.contains(file) ? tunnel : TunnelChange.older(tunnel, seconds));
    return new GatewayStatus(
        known.version(),
        known.tunnelDirectory(),
        known.started(),
        time,
        List.copyOf(tunnelsNow.values()),
        commit,
        known.protocol(),
        config,
        known.java(),
        known.simulated());
  }

  private static TreeMap<String, TunnelStatus> byFile(List<TunnelStatus> tunnels) {
    TreeMap<String, TunnelStatus> files = new TreeMap<>();
    tunnels.forEach(tunnel -> files.put(tunnel.file(), tunnel));
    return files;
  }
}
