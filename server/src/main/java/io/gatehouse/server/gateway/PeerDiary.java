// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has become of each peer since the console started: its states and its addresses, the last
 * {@link #KEPT} of them. Forgotten with the peer. Thread-safe.
 */
@ApplicationScoped
public class PeerDiary {
  /** So much is kept of each peer. */
  public static final int KEPT = 12;

  /**
   * Something that happened.
   *
   * @param time Unix seconds
   * @param state what it is since; empty if that did not change
   * @param endpoint where it is since; empty if that did not change
   */
  public record Entry(long time, Optional<PeerState> state, String endpoint) {}

  private record Known(PeerState state, String endpoint, Deque<Entry> entries) {}

  private Map<String, Known> peers = new HashMap<>();

  synchronized void see(@Observes GatewayView view) {
    Optional<GatewayStatus> status = view.status().filter(s -> view.connected());
    if (status.isEmpty()) {
      return;
    }
    long now = status.get().time() / 1000;
    Map<String, Known> next = new HashMap<>();
    for (TunnelStatus tunnel : status.get().tunnels()) {
      for (PeerStatus peer : tunnel.peers()) {
        String key = key(tunnel.name(), peer.publicKey());
        Known known = peers.get(key);
        next.put(key, known == null ? first(peer) : then(known, peer, now));
      }
    }
    peers = next;
  }

  /** What was before is not known, so nothing has happened. */
  private static Known first(PeerStatus peer) {
    return new Known(peer.state(), peer.endpoint(), new ArrayDeque<>(0));
  }

  private static Known then(Known known, PeerStatus peer, long now) {
    boolean state = known.state() != peer.state();
    boolean endpoint = !peer.endpoint().isEmpty() && !known.endpoint().equals(peer.endpoint());
    if (!state && !endpoint) {
      return known;
    }
    if (known.entries().size() == KEPT) {
      known.entries().removeLast();
    }
    known
        .entries()
        .addFirst(
            new Entry(
                now,
                state ? Optional.of(peer.state()) : Optional.empty(),
                endpoint ? peer.endpoint() : ""));
    return new Known(peer.state(), endpoint ? peer.endpoint() : known.endpoint(), known.entries());
  }

  /** Of a peer, newest first. */
  public synchronized List<Entry> of(String tunnel, String publicKey) {
    Known known = peers.get(key(tunnel, publicKey));
    return known == null ? List.of() : List.copyOf(known.entries());
  }

  private static String key(String tunnel, String publicKey) {
    return tunnel + "/" + publicKey;
  }
}
