// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

import io.gatehouse.control.DriftLine;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelActivity;
import io.gatehouse.control.TunnelStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what has happened between one look at the gateway and the next. What is so at the first
 * look of a tunnel or a peer is no event. Not thread-safe; does no input or output.
 *
 * <p>What goes to and fro is said once: a peer is down when it has had no session for {@link
 * #DOWN_AFTER}, and up when it has had one for {@link #UP_AFTER}; load is over when there was none
 * for {@link #CALM_AFTER}; a tunnel runs otherwise than its file says when it has done so for
 * {@link #DRIFT_AFTER}, and as it says when it has for {@link #ACCORD_AFTER}.
 */
final class StatusWatch {
  /** A peer with this tag is watched, whether or not it has a persistent keepalive. */
  static final String TAG = "notify";

  static final Duration UP_AFTER = Duration.ofSeconds(5);
  static final Duration DOWN_AFTER = Duration.ofSeconds(30);
  static final Duration CALM_AFTER = Duration.ofSeconds(60);

  static final Duration DRIFT_AFTER = Duration.ofSeconds(10);
  static final Duration ACCORD_AFTER = Duration.ofSeconds(30);

  /** Handshakes that are unanswered for so long are failing. */
  static final Duration FAILING_AFTER = Duration.ofSeconds(30);

  /** A peer whose handshakes fail again is not said before so long. */
  static final Duration FAILED_AGAIN_AFTER = Duration.ofMinutes(5);

  /** What is remembered of a peer. */
  private static final class Peer {
    boolean saidUp;

    /** Since when it has been other than was said; only valid while it is. */
    long otherSince;

    boolean other;
    PeerState state;

    /** The run of failures that was said last, 0 for none. */
    long failingSince;

    long failingSaid;
    boolean everFailed;
    boolean seen = true;

    Peer(PeerStatus first) {
      saidUp = first.state() == PeerState.UP;
      state = first.state();
      failingSince = first.retryingSince();
    }
  }

  /** What is remembered of a tunnel. */
  private static final class Tunnel {
    boolean up;
    boolean underLoad;
    long calmSince;
    boolean calm = true;
    boolean saidDrift;

    /** Since when it has been other than was said; only valid while it is. */
    long driftOtherSince;

    boolean driftOther;
    boolean seen = true;
    TunnelStatus last;
    final Map<String, Peer> peers = new HashMap<>();

    Tunnel(TunnelStatus first) {
      up = isUp(first);
      underLoad = isUnderLoad(first);
      saidDrift = !first.effectiveDrift().isEmpty();
      last = first;
    }
  }

  private final Map<String, Tunnel> tunnels = new HashMap<>();
  private boolean looked;

  /**
   * Looks.
   *
   * @param now monotonic, ns
   * @return what has happened since the last look
   */
  List<Event> look(GatewayStatus status, long now) {
    List<Event> events = new ArrayList<>();
    tunnels.values().forEach(tunnel -> tunnel.seen = false);
    for (TunnelStatus tunnel : status.tunnels()) {
      Tunnel known = tunnels.get(tunnel.name());
      if (known == null) {
        known = new Tunnel(tunnel);
        // What comes after the first look of all has come up since.
        known.up = !looked && known.up;
        tunnels.put(tunnel.name(), known);
      }
      known.seen = true;
      known.last = tunnel.ifIndex() > 0 ? tunnel : known.last;
      link(tunnel, known, events);
      load(tunnel, known, now, events);
      drift(tunnel, known, now, events);
      peers(tunnel, known, status.time() / 1000, now, events);
    }
    tunnels
        .values()
        .removeIf(
            tunnel -> {
              if (!tunnel.seen && tunnel.up) {
                events.add(new Event.LinkDown(tunnel.last));
              }
              return !tunnel.seen;
            });
    looked = true;
    return events;
  }

  private static boolean isUp(TunnelStatus tunnel) {
    return tunnel.state() == TunnelStatus.State.UP;
  }

  private static boolean isUnderLoad(TunnelStatus tunnel) {
    return tunnel.activity().orElse(TunnelActivity.NONE).underLoad();
  }

  private static void link(TunnelStatus tunnel, Tunnel known, List<Event> events) {
    boolean up = isUp(tunnel);
    if (up != known.up) {
      known.up = up;
      events.add(up ? new Event.LinkUp(tunnel) : new Event.LinkDown(known.last));
    }
  }

  private static void load(TunnelStatus tunnel, Tunnel known, long now, List<Event> events) {
    if (isUnderLoad(tunnel)) {
      known.calm = false;
      if (!known.underLoad) {
        known.underLoad = true;
        events.add(new Event.LoadChanged(tunnel, true));
      }
    } else if (!known.calm) {
      known.calm = true;
      known.calmSince = now;
    } else if (known.underLoad && now - known.calmSince >= CALM_AFTER.toNanos()) {
      known.underLoad = false;
      events.add(new Event.LoadChanged(tunnel, false));
    }
  }

  private static void drift(TunnelStatus tunnel, Tunnel known, long now, List<Event> events) {
    List<DriftLine> lines = tunnel.effectiveDrift();
    boolean drifted = !lines.isEmpty();
    if (tunnel.ifIndex() == 0) {
      // Nothing runs, which linkDown says.
      known.saidDrift = false;
    }
    if (drifted == known.saidDrift) {
      known.driftOther = false;
      return;
    }
    if (!known.driftOther) {
      known.driftOther = true;
      known.driftOtherSince = now;
    }
    if (now - known.driftOtherSince >= (drifted ? DRIFT_AFTER : ACCORD_AFTER).toNanos()) {
      known.saidDrift = drifted;
      known.driftOther = false;
      events.add(new Event.DriftChanged(tunnel, lines));
    }
  }

  private static void peers(
      TunnelStatus tunnel, Tunnel known, long unixSeconds, long now, List<Event> events) {
    known.peers.values().forEach(peer -> peer.seen = false);
    for (PeerStatus peer : tunnel.peers()) {
      Peer before = known.peers.get(peer.publicKey());
      if (before == null) {
        known.peers.put(peer.publicKey(), new Peer(peer));
        continue;
      }
      before.seen = true;
      if (peer.state() != before.state && peer.state() == PeerState.EXPIRED) {
        events.add(new Event.PeerExpired(tunnel, peer));
      }
      if (peer.state() != before.state && peer.state() == PeerState.OVER_QUOTA) {
        events.add(new Event.QuotaReached(tunnel, peer));
      }
      before.state = peer.state();
      if (peer.state().isInForce()) {
        session(tunnel, peer, before, now, events);
        failing(tunnel, peer, before, unixSeconds, now, events);
      } else {
        // Its end was said by a name of its own, or was wanted.
        before.saidUp = false;
        before.other = false;
      }
    }
    known.peers.values().removeIf(peer -> !peer.seen);
  }

  private static boolean isWatched(PeerStatus peer) {
    return peer.persistentKeepalive() > 0 || peer.tags().contains(TAG);
  }

  private static void session(
      TunnelStatus tunnel, PeerStatus peer, Peer known, long now, List<Event> events) {
    boolean up = peer.state() == PeerState.UP;
    if (up == known.saidUp) {
      known.other = false;
      return;
    }
    if (!known.other) {
      known.other = true;
      known.otherSince = now;
    }
    if (now - known.otherSince >= (up ? UP_AFTER : DOWN_AFTER).toNanos()) {
      known.saidUp = up;
      known.other = false;
      if (isWatched(peer)) {
        events.add(up ? new Event.PeerUp(tunnel, peer) : new Event.PeerDown(tunnel, peer));
      }
    }
  }

  private static void failing(
      TunnelStatus tunnel,
      PeerStatus peer,
      Peer known,
      long unixSeconds,
      long now,
      List<Event> events) {
    long since = peer.retryingSince();
    boolean failing = since != 0 && unixSeconds - since >= FAILING_AFTER.toSeconds();
    boolean sameRun = Math.abs(since - known.failingSince) <= 1;
    boolean lately = known.everFailed && now - known.failingSaid < FAILED_AGAIN_AFTER.toNanos();
    if (failing && !sameRun && !lately) {
      known.failingSince = since;
      known.failingSaid = now;
      known.everFailed = true;
      events.add(new Event.HandshakeFailed(tunnel, peer));
    }
  }
}
