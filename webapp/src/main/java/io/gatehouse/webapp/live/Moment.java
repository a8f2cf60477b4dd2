// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.GatewayView;
import io.gatehouse.server.gateway.Rates;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The gateway at one moment, with its tunnels and peers by name and number. For one thread.
 *
 * @param view what the data plane said
 * @param rates how fast counters rise
 * @param index peers of the tunnels asked for so far
 */
public record Moment(GatewayView view, Rates rates, Map<String, Map<Integer, PeerStatus>> index) {
  /** A moment of which nothing was asked yet. */
  public Moment(GatewayView view, Rates rates) {
    this(view, rates, new HashMap<>());
  }

  /** All tunnels by name. */
  public List<TunnelStatus> tunnels() {
    return view.status().map(GatewayStatus::tunnels).orElse(List.of());
  }

  /** Unix milliseconds by the data plane's clock, 0 before there was one. */
  public long time() {
    return view.status().map(GatewayStatus::time).orElse(0L);
  }

  /** A tunnel by its name. */
  public Optional<TunnelStatus> tunnel(String name) {
    return tunnels().stream().filter(tunnel -> tunnel.name().equals(name)).findFirst();
  }

  /** A peer by its tunnel's name and its number. */
  public Optional<PeerStatus> peer(String tunnel, int number) {
    return Optional.ofNullable(
        index
            .computeIfAbsent(
                tunnel,
                name ->
                    tunnel(name).map(TunnelStatus::peers).orElse(List.of()).stream()
                        .collect(
                            Collectors.toMap(
                                PeerStatus::number, Function.identity(), (one, other) -> one)))
            .get(number));
  }
}
