// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import io.gatehouse.control.DropStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.OffloadStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.webapp.Texts;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Every place on the tunnels page that changes while the page stays, by name: {@code wg0/rx} for a
 * tunnel, {@code wg0/3/rx} for its peer number 3. Page and push show the same cells, so they cannot
 * differ.
 */
final class Cells {
  private Cells() {}

  static Map<String, Cell> of(GatewayStatus status) {
    Map<String, Cell> cells = new LinkedHashMap<>();
    for (TunnelStatus tunnel : status.tunnels()) {
      cells.putAll(of(tunnel));
      for (PeerStatus peer : tunnel.peers()) {
        String prefix = tunnel.name() + "/" + peer.number() + "/";
        of(peer, status.time()).forEach((name, cell) -> cells.put(prefix + name, cell));
      }
    }
    return cells;
  }

  private static Map<String, Cell> of(TunnelStatus tunnel) {
    String prefix = tunnel.name() + "/";
    return Map.of(
        prefix + "state", new Cell(Texts.of("tunnel." + tunnel.state()), look(tunnel.state()), 0),
        prefix + "port",
            Cell.of(tunnel.listenPort() == 0 ? Texts.of("none") : "" + tunnel.listenPort()),
        prefix + "rx", Cell.of(bytes(tunnel.rxBytes())),
        prefix + "tx", Cell.of(bytes(tunnel.txBytes())),
        prefix + "drops", Cell.of(drops(tunnel.drops())),
        prefix + "offloads", Cell.of(offloads(tunnel.offloads())));
  }

  /**
   * What the kernel does not do for the tunnel; empty, as it is nearly always, when it does all.
   */
  static String offloads(List<OffloadStatus> offloads) {
    String notable =
        offloads.stream()
            .filter(OffloadStatus::isNotable)
            .map(Cells::offload)
            .collect(Collectors.joining("; "));
    return notable.isEmpty() ? "" : Texts.of("offloads", notable);
  }

  private static String offload(OffloadStatus offload) {
    return Texts.of(
        "offload." + offload.use(),
        Texts.orElse("offload." + offload.name(), offload.name()),
        offload.setting(),
        offload.fallbacks(),
        offload.error());
  }

  /** The cells of a peer, without the tunnel's and the peer's part of their names. */
  static Map<String, Cell> of(PeerStatus peer, long now) {
    return Map.of(
        "state", state(peer, now),
        "handshake", handshake(peer, now),
        "rx", Cell.of(bytes(peer.rxBytes())),
        "tx", Cell.of(bytes(peer.txBytes())),
        "endpoint", Cell.of(peer.endpoint().isEmpty() ? Texts.of("none") : peer.endpoint()),
        "allowed",
            Cell.of(
                peer.allowedIps().isEmpty()
                    ? Texts.of("none")
                    : String.join(", ", peer.allowedIps())),
        "drops", Cell.of(drops(peer.drops())));
  }

  private static Cell state(PeerStatus peer, long now) {
    if (peer.state() == PeerState.RETRYING && peer.retryingSince() > 0) {
      return new Cell(
          Texts.of("peer.RETRYING.for", age(Math.max(0, now / 1000 - peer.retryingSince()))),
          look(peer.state()),
          peer.retryingSince());
    }
    return new Cell(Texts.of("peer." + peer.state()), look(peer.state()), 0);
  }

  /** The most frequent first. */
  static String drops(List<DropStatus> drops) {
    if (drops.isEmpty()) {
      return Texts.of("none");
    }
    return drops.stream()
        .sorted(Comparator.comparingLong(DropStatus::count).reversed())
        .map(drop -> drop.count() + " " + Texts.orElse("drop." + drop.reason(), drop.words()))
        .collect(Collectors.joining(", "));
  }

  private static Cell handshake(PeerStatus peer, long now) {
    if (peer.lastHandshake() == 0) {
      return Cell.of(Texts.of("never"));
    }
    return new Cell(
        Texts.of("ago", age(Math.max(0, now / 1000 - peer.lastHandshake()))),
        "",
        peer.lastHandshake());
  }

  private static String look(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** The two largest units of an age; console.js counts on in the same form. */
  static String age(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    if (seconds < 86_400) {
      return seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }
    return seconds / 86_400 + " d " + seconds / 3600 % 24 + " h";
  }

  /** As wg(8) writes it: two decimals, powers of 1024. */
  static String bytes(long bytes) {
    String[] units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (Long.compareUnsigned(bytes, 1024) < 0) {
      return bytes + " B";
    }
    double value = (bytes >>> 1) * 2.0 / 1024;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.2f %s", value, units[unit]);
  }
}
