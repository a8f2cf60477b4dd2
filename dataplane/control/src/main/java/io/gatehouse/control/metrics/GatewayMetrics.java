// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.metrics;

import io.gatehouse.control.ConfigActivity;
import io.gatehouse.control.DropStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerActivity;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelActivity;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.control.UdpStatus;
import io.gatehouse.control.metrics.Exposition.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * A gateway's status as metrics.
 *
 * <p>What is sent, received and the last handshake have the names and labels of
 * MindFlavor/prometheus_wireguard_exporter, which dashboards and alerts of the field use: {@code
 * interface}, {@code public_key}, {@code friendly_name}; the handshake is absolute, 0 for never.
 * What that exporter does not know has names of the same style.
 */
public final class GatewayMetrics {
  /** A peer and the labels of its samples. */
  private record Peer(List<Label> labels, PeerStatus status, PeerActivity activity) {}

  private final Exposition page;
  private final GatewayStatus status;
  private final List<TunnelStatus> tunnels;
  private final List<Peer> peers = new ArrayList<>();

  private GatewayMetrics(Exposition page, GatewayStatus status) {
    this.page = page;
    this.status = status;
    tunnels = status.tunnels().stream().filter(tunnel -> tunnel.ifIndex() > 0).toList();
    for (TunnelStatus tunnel : tunnels) {
      for (PeerStatus peer : tunnel.peers()) {
        peers.add(
            new Peer(
                List.of(
                    new Label("interface", tunnel.name()),
                    new Label("public_key", peer.publicKey()),
                    new Label("friendly_name", peer.name())),
                peer,
                peer.activity().orElse(PeerActivity.NONE)));
      }
    }
  }

  /** The whole page. */
  public static String text(GatewayStatus status, MetricsForm form) {
    Exposition page = new Exposition(form);
    GatewayMetrics metrics = new GatewayMetrics(page, status);
    metrics.gateway();
    metrics.interfaces();
    metrics.handshakesAndDrops();
    metrics.peers();
    return page.end();
  }

  private void gateway() {
    page.gauge("gatehouse_info", "The data plane; always 1.");
    Label version = new Label("version", status.version());
    page.sample(
        status.isSimulated() ? List.of(version, new Label("simulated", "true")) : List.of(version),
        1);
    page.gauge("gatehouse_start_time_seconds", "When the data plane started.");
    page.sample(List.of(), status.started());
    ConfigActivity config = status.config().orElse(ConfigActivity.NONE);
    page.counter("gatehouse_config_applied", "Changed files that were applied.");
    page.sample(List.of(), config.applied());
    page.counter("gatehouse_config_rejected", "Files that were refused.");
    page.sample(List.of(), config.rejected());
    page.gauge("gatehouse_config_bad", "Whether a file is refused now.");
    page.sample(List.of(), config.error().isEmpty() ? 0 : 1);
    page.gauge("gatehouse_config_last_applied_seconds", "When a file was applied last.");
    page.sample(List.of(), config.changed());
  }

  private void interfaces() {
    gauge(
        "wireguard_interface_up",
        "Whether the tunnel carries packets.",
        tunnel -> tunnel.state() == TunnelStatus.State.UP ? 1 : 0);
    gauge(
        "wireguard_peers",
        "Peers of the tunnel, those that are not in force among them.",
        tunnel -> tunnel.peers().size());
    gauge(
        "wireguard_peers_up",
        "Peers that have a session now.",
        tunnel -> tunnel.peers().stream().filter(GatewayMetrics::isUp).count());
    gauge(
        "wireguard_under_load",
        "Whether only senders who return a cookie get a handshake.",
        tunnel -> tunnel.activity().orElse(TunnelActivity.NONE).underLoad() ? 1 : 0);
    gauge(
        "wireguard_interface_drift",
        "How much runs otherwise than the file says and is not ignored.",
        tunnel -> tunnel.effectiveDrift().size());
    counter(
        "wireguard_interface_received_bytes",
        "Octets of IP packets that came out of the tunnel.",
        TunnelStatus::rxBytes);
    counter(
        "wireguard_interface_sent_bytes",
        "Octets of IP packets that went into the tunnel.",
        TunnelStatus::txBytes);
    counter(
        "wireguard_interface_received_packets",
        "IP packets that came out of the tunnel.",
        TunnelStatus::rxPackets);
    counter(
        "wireguard_interface_sent_packets",
        "IP packets that went into the tunnel.",
        TunnelStatus::txPackets);
    counter(
        "wireguard_udp_received_datagrams",
        "Datagrams that came to the UDP port, whatever they were.",
        tunnel -> udp(tunnel).rxDatagrams());
    counter(
        "wireguard_udp_sent_datagrams",
        "Datagrams that left the UDP port.",
        tunnel -> udp(tunnel).txDatagrams());
    counter(
        "wireguard_udp_received_bytes",
        "UDP payload octets that came to the UDP port.",
        tunnel -> udp(tunnel).rxBytes());
    counter(
        "wireguard_udp_sent_bytes",
        "UDP payload octets that left the UDP port.",
        tunnel -> udp(tunnel).txBytes());
  }

  private static UdpStatus udp(TunnelStatus tunnel) {
    return tunnel.activity().flatMap(TunnelActivity::udp).orElse(UdpStatus.NONE);
  }

  private void gauge(String name, String help, ToLongFunction<TunnelStatus> value) {
    page.gauge(name, help);
    tunnels.forEach(tunnel -> page.sample(labels(tunnel), value.applyAsLong(tunnel)));
  }

  private void counter(String name, String help, ToLongFunction<TunnelStatus> value) {
    page.counter(name, help);
    tunnels.forEach(tunnel -> page.sample(labels(tunnel), value.applyAsLong(tunnel)));
  }

  private static List<Label> labels(TunnelStatus tunnel) {
    return List.of(new Label("interface", tunnel.name()));
  }

  private static List<Label> labels(TunnelStatus tunnel, String name, String value) {
    return List.of(new Label("interface", tunnel.name()), new Label(name, value));
  }

  private void handshakesAndDrops() {
    page.counter("wireguard_handshake_messages", "Handshake messages, by kind and direction.");
    for (TunnelStatus tunnel : tunnels) {
      TunnelActivity done = tunnel.activity().orElse(TunnelActivity.NONE);
      page.sample(labels(tunnel, "kind", "initiation_received"), done.initiationsIn());
      page.sample(labels(tunnel, "kind", "initiation_sent"), done.initiationsOut());
      page.sample(labels(tunnel, "kind", "response_received"), done.responsesIn());
      page.sample(labels(tunnel, "kind", "response_sent"), done.responsesOut());
      page.sample(labels(tunnel, "kind", "cookie_received"), done.cookiesIn());
      page.sample(labels(tunnel, "kind", "cookie_sent"), done.cookiesOut());
      page.sample(labels(tunnel, "kind", "refused"), done.refused());
    }
    counter(
        "wireguard_handshakes",
        "Handshakes that both sides confirmed.",
        tunnel -> tunnel.activity().orElse(TunnelActivity.NONE).completed());
    counter(
        "wireguard_handshake_timeouts",
        "Handshakes given up after 90 s.",
        tunnel -> tunnel.activity().orElse(TunnelActivity.NONE).timedOut());
    page.counter("wireguard_drops", "Packets and messages that went no further, by reason.");
    for (TunnelStatus tunnel : tunnels) {
      for (String reason : DropStatus.REASONS) {
        long count =
            count(tunnel.drops(), reason)
                + tunnel.peers().stream().mapToLong(peer -> count(peer.drops(), reason)).sum();
        page.sample(labels(tunnel, "reason", reason.toLowerCase(Locale.ROOT)), count);
      }
    }
  }

  private static long count(List<DropStatus> drops, String reason) {
    for (DropStatus drop : drops) {
      if (drop.reason().equals(reason)) {
        return drop.count();
      }
    }
    return 0;
  }

  private void peers() {
    peerCounter("wireguard_sent_bytes", "Octets sent to the peer.", p -> p.status().txBytes());
    peerCounter(
        "wireguard_received_bytes", "Octets received from the peer.", p -> p.status().rxBytes());
    peerGauge(
        "wireguard_latest_handshake_seconds",
        "When the last handshake completed, Unix seconds; 0 is never.",
        p -> p.status().lastHandshake());
    peerGauge("wireguard_peer_up", "Whether there is a session.", p -> isUp(p.status()) ? 1 : 0);
    page.gauge("wireguard_peer_state", "The peer's state, in the label; always 1.");
    for (Peer peer : peers) {
      List<Label> labels = new ArrayList<>(peer.labels());
      labels.add(new Label("state", peer.status().state().name().toLowerCase(Locale.ROOT)));
      page.sample(labels, 1);
    }
    peerGauge(
        "wireguard_peer_persistent_keepalive_seconds",
        "The persistent keepalive interval; 0 is off.",
        p -> p.status().persistentKeepalive());
    peerGauge(
        "wireguard_peer_allowed_ips",
        "How many allowed IPs the peer has.",
        p -> p.status().allowedIps().size());
    peerCounter("wireguard_peer_sent_packets", "Data packets sent.", p -> p.status().txPackets());
    peerCounter(
        "wireguard_peer_received_packets",
        "Data packets received and accepted.",
        p -> p.status().rxPackets());
    peerCounter(
        "wireguard_peer_drops",
        "Packets and messages of the peer that went no further.",
        p -> p.status().drops().stream().mapToLong(DropStatus::count).sum());
    peerCounter(
        "wireguard_peer_handshakes", "Handshakes completed.", p -> p.activity().handshakes());
    peerCounter(
        "wireguard_peer_handshake_failures",
        "Handshakes given up after 90 s.",
        p -> p.activity().handshakeFailures());
    peerCounter(
        "wireguard_peer_endpoint_changes",
        "How often address or port became another.",
        p -> p.activity().endpointChanges());
  }

  private void peerCounter(String name, String help, ToLongFunction<Peer> value) {
    page.counter(name, help);
    peers.forEach(peer -> page.sample(peer.labels(), value.applyAsLong(peer)));
  }

  private void peerGauge(String name, String help, ToLongFunction<Peer> value) {
    page.gauge(name, help);
    peers.forEach(peer -> page.sample(peer.labels(), value.applyAsLong(peer)));
  }

  private static boolean isUp(PeerStatus peer) {
    return peer.state() == PeerState.UP;
  }
}
