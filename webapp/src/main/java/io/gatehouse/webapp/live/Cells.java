// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.QuotaStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Rates;
import io.gatehouse.webapp.Texts;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Every place on the pages that changes while a page stays, by its subject and a word. Pages and
 * push show the same cells, so they cannot differ.
 */
public final class Cells {
  private final Texts texts;
  private final Values values;

  /** Writes cells in a language. */
  public Cells(Texts texts) {
    this.texts = texts;
    this.values = new Values(texts);
  }

  /** The cells of a subject by their words; none when there is no such subject any more. */
  public Map<String, Cell> of(Moment now, Subject subject) {
    if (subject.peer() != 0) {
      return now.peer(subject.tunnel(), subject.peer())
          .map(peer -> peer(now, subject.tunnel(), peer))
          .orElse(Map.of());
    }
    if (!subject.tunnel().isEmpty()) {
      return now.tunnel(subject.tunnel()).map(tunnel -> tunnel(now, tunnel)).orElse(Map.of());
    }
    return now.view().status().map(status -> gateway(now, status)).orElse(Map.of());
  }

  private Map<String, Cell> gateway(Moment now, GatewayStatus status) {
    Map<String, Cell> cells = new HashMap<>();
    rates(cells, now, now.rates().gateway());
    Map<PeerState, Integer> states = Census.of(status.tunnels());
    for (PeerState state : PeerState.values()) {
      int count = states.getOrDefault(state, 0);
      cells.put(
          "peers." + look(state), new Cell(values.number(count), count == 0 ? "zero" : "", 0));
    }
    Map<TunnelStatus.State, Integer> tunnels = Census.ofTunnels(status.tunnels());
    int up = tunnels.getOrDefault(TunnelStatus.State.UP, 0);
    int failed = tunnels.getOrDefault(TunnelStatus.State.FAILED, 0);
    int down = tunnels.getOrDefault(TunnelStatus.State.DOWN, 0);
    cells.put("tunnels", Cell.of(texts.of("count.of", up, status.tunnels().size())));
    cells.put(
        "tunnels.rest",
        Cell.of(
            failed + down == 0 ? texts.of("rest.none") : texts.of("rest.tunnels", failed, down)));
    int retrying = states.getOrDefault(PeerState.RETRYING, 0);
    int peers = states.values().stream().mapToInt(Integer::intValue).sum();
    cells.put("peers", Cell.of(texts.of("count.of", states.getOrDefault(PeerState.UP, 0), peers)));
    cells.put(
        "peers.rest",
        Cell.of(retrying == 0 ? texts.of("rest.none") : texts.of("rest.peers", retrying)));
    List<Rates.Flow> recent = now.rates().recent();
    long peak = recent.stream().mapToLong(flow -> Math.max(flow.rx(), flow.tx())).max().orElse(0);
    cells.put("rxline", Curve.of(recent.stream().map(Rates.Flow::rx).toList(), peak));
    cells.put("txline", Curve.of(recent.stream().map(Rates.Flow::tx).toList(), peak));
    cells.put("peak", Cell.of(values.rate(peak)));
    return cells;
  }

  private Map<String, Cell> tunnel(Moment now, TunnelStatus tunnel) {
    Map<String, Cell> cells = new HashMap<>();
    rates(cells, now, now.rates().tunnel(tunnel.name()));
    cells.put("state", new Cell(texts.of("tunnel." + tunnel.state()), look(tunnel.state()), 0));
    cells.put(
        "port", Cell.of(tunnel.listenPort() == 0 ? texts.of("none") : "" + tunnel.listenPort()));
    cells.put("rx", Cell.of(values.bytes(tunnel.rxBytes())));
    cells.put("tx", Cell.of(values.bytes(tunnel.txBytes())));
    cells.put("drops", Cell.of(values.drops(tunnel.drops())));
    cells.put("dropcount", Cell.of(values.number(Census.drops(tunnel))));
    cells.put("offloads", Cell.of(values.offloads(tunnel.offloads())));
    cells.put("arrivals", Cell.of(Lamps.arrivals(tunnel)));
    long up = tunnel.peers().stream().filter(peer -> peer.state() == PeerState.UP).count();
    cells.put("peers", Cell.of(texts.of("count.of", up, tunnel.peers().size())));
    return cells;
  }

  private Map<String, Cell> peer(Moment now, String tunnel, PeerStatus peer) {
    Map<String, Cell> cells = new HashMap<>();
    rates(cells, now, now.rates().peer(tunnel, peer.number()));
    cells.put("state", state(peer, now.time()));
    cells.put("reason", Cell.of(texts.of("reason." + peer.state())));
    cells.put("handshake", handshake(peer, now.time()));
    cells.put("rx", Cell.of(values.bytes(peer.rxBytes())));
    cells.put("tx", Cell.of(values.bytes(peer.txBytes())));
    cells.put("rxpackets", Cell.of(values.number(peer.rxPackets())));
    cells.put("txpackets", Cell.of(values.number(peer.txPackets())));
    cells.put("endpoint", Cell.of(peer.endpoint().isEmpty() ? texts.of("none") : peer.endpoint()));
    cells.put(
        "allowed",
        Cell.of(
            peer.allowedIps().isEmpty() ? texts.of("none") : String.join(", ", peer.allowedIps())));
    cells.put("drops", Cell.of(values.drops(peer.drops())));
    cells.put("progress", Cell.of(Lamps.progress(peer)));
    peer.quota().ifPresent(quota -> quota(cells, quota));
    return cells;
  }

  private void rates(Map<String, Cell> cells, Moment now, Rates.Flow flow) {
    boolean known = now.view().connected();
    cells.put("rxrate", Cell.of(known ? values.rate(flow.rx()) : texts.of("none")));
    cells.put("txrate", Cell.of(known ? values.rate(flow.tx()) : texts.of("none")));
  }

  private void quota(Map<String, Cell> cells, QuotaStatus quota) {
    long percent = Math.min(100, quota.used() / Math.max(1, quota.limit() / 100));
    cells.put(
        "quota",
        Cell.of(
            texts.of(
                "quota.used", values.bytes(quota.used()), values.bytes(quota.limit()), percent)));
    cells.put("quotabar", new Cell(Long.toString(percent), "value", 0));
  }

  private Cell state(PeerStatus peer, long now) {
    if (peer.state() == PeerState.RETRYING && peer.retryingSince() > 0) {
      return new Cell(
          texts.of("peer.RETRYING.for", values.age(Math.max(0, now / 1000 - peer.retryingSince()))),
          look(peer.state()),
          peer.retryingSince());
    }
    return new Cell(texts.of("peer." + peer.state()), look(peer.state()), 0);
  }

  private Cell handshake(PeerStatus peer, long now) {
    if (peer.lastHandshake() == 0) {
      return Cell.of(texts.of("never"));
    }
    return new Cell(
        texts.of("ago", values.age(Math.max(0, now / 1000 - peer.lastHandshake()))),
        "",
        peer.lastHandshake());
  }

  static String look(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
