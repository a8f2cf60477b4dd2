// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.control.DropStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Counts over many peers. */
public final class Census {
  /** The states of peers in the order in which people ask for them. */
  public static final List<PeerState> ORDER =
      List.of(
          PeerState.UP,
          PeerState.IDLE,
          PeerState.RETRYING,
          PeerState.NEVER,
          PeerState.DISABLED,
          PeerState.EXPIRED,
          PeerState.OVER_QUOTA);

  private Census() {}

  /** How many peers are in each state; a state without any is left out. */
  public static Map<PeerState, Integer> of(List<TunnelStatus> tunnels) {
    Map<PeerState, Integer> counts = new EnumMap<>(PeerState.class);
    for (TunnelStatus tunnel : tunnels) {
      for (PeerStatus peer : tunnel.peers()) {
        counts.merge(peer.state(), 1, Integer::sum);
      }
    }
    return counts;
  }

  /** How many tunnels are in each state; a state without any is left out. */
  static Map<TunnelStatus.State, Integer> ofTunnels(List<TunnelStatus> tunnels) {
    Map<TunnelStatus.State, Integer> counts = new EnumMap<>(TunnelStatus.State.class);
    tunnels.forEach(tunnel -> counts.merge(tunnel.state(), 1, Integer::sum));
    return counts;
  }

  /** What was dropped of a tunnel and of all its peers. */
  public static long drops(TunnelStatus tunnel) {
    return Stream.concat(
            tunnel.drops().stream(), tunnel.peers().stream().flatMap(p -> p.drops().stream()))
        .mapToLong(DropStatus::count)
        .sum();
  }
}
