// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How fast counters rise now, from the two newest states of the gateway, and how fast the gateway's
 * did in the last minutes. Thread-safe.
 */
@ApplicationScoped
public class Rates {
  /** Before whoever shows rates. */
  public static final int PRIORITY = Interceptor.Priority.APPLICATION;

  /** So many flows are kept, {@link #STEP} milliseconds apart: five minutes. */
  public static final int KEPT = 150;

  static final long STEP = 2000;

  /** The data plane tells of a change within a second. After this silence nothing flows. */
  private static final long SILENCE = 2500;

  /**
   * What flows.
   *
   * @param rx octets in a second, received
   * @param tx octets in a second, sent
   */
  public record Flow(long rx, long tx) {
    /** Nothing flows. */
    public static final Flow NONE = new Flow(0, 0);

    Flow plus(Flow other) {
      return new Flow(rx + other.rx, tx + other.tx);
    }
  }

  private record Sample(long time, Map<String, TunnelStatus> tunnels) {
    static final Sample NONE = new Sample(0, Map.of());
  }

  private final LongSupplier clock;
  private Sample before = Sample.NONE;
  private Sample newest = Sample.NONE;
  private long heard;
  private final Map<String, Map<Integer, PeerStatus>> peersBefore = new HashMap<>();
  private final Map<String, Map<Integer, PeerStatus>> peersNewest = new HashMap<>();
  private final Deque<Flow> recent = new ArrayDeque<>();
  private long recentUntil;

  /** By the machine's clock. */
  public Rates() {
    this(System::currentTimeMillis);
  }

  /** By a clock in milliseconds. */
  Rates(LongSupplier clock) {
    this.clock = clock;
  }

  synchronized void see(@Observes @Priority(PRIORITY) GatewayView view) {
    Optional<GatewayStatus> status = view.status().filter(s -> view.connected());
    if (status.isEmpty()) {
      before = Sample.NONE;
      newest = Sample.NONE;
      peersBefore.clear();
      peersNewest.clear();
      return;
    }
    remember(clock.getAsLong());
    heard = clock.getAsLong();
    if (status.get().time() > newest.time) {
      Map<String, TunnelStatus> tunnels = new HashMap<>();
      status.get().tunnels().forEach(tunnel -> tunnels.put(tunnel.name(), tunnel));
      before = newest;
      newest = new Sample(status.get().time(), tunnels);
      peersBefore.clear();
      peersBefore.putAll(peersNewest);
      peersNewest.clear();
    }
    remember(clock.getAsLong());
  }

  /** Of all tunnels together. */
  public synchronized Flow gateway() {
    return newest.tunnels.keySet().stream().map(this::tunnel).reduce(Flow.NONE, Flow::plus);
  }

  /** Of a tunnel, as its peers count. */
  public synchronized Flow tunnel(String name) {
    TunnelStatus now = newest.tunnels.get(name);
    TunnelStatus then = before.tunnels.get(name);
    return now == null || then == null
        ? Flow.NONE
        : flow(now.rxBytes() - then.rxBytes(), now.txBytes() - then.txBytes());
  }

  /** Of a peer by its number. */
  public synchronized Flow peer(String tunnel, int number) {
    PeerStatus now = peers(newest, peersNewest, tunnel).get(number);
    PeerStatus then = peers(before, peersBefore, tunnel).get(number);
    return now == null || then == null
        ? Flow.NONE
        : flow(now.rxBytes() - then.rxBytes(), now.txBytes() - then.txBytes());
  }

  /** The gateway's flows of the last minutes, oldest first, at most {@link #KEPT}. */
  public synchronized List<Flow> recent() {
    remember(clock.getAsLong());
    return List.copyOf(recent);
  }

  private Flow flow(long rx, long tx) {
    long now = clock.getAsLong();
    long millis = Math.min(newest.time - before.time, SILENCE);
    // Counters that fell began anew.
    return millis <= 0 || now - heard > SILENCE || rx < 0 || tx < 0
        ? Flow.NONE
        : new Flow(rx * 1000 / millis, tx * 1000 / millis);
  }

  private void remember(long now) {
    if (recentUntil == 0 || now < recentUntil || now - recentUntil > KEPT * STEP) {
      recentUntil = now;
      recent.clear();
      return;
    }
    for (; now - recentUntil >= STEP; recentUntil += STEP) {
      recent.addLast(recentUntil - heard > SILENCE ? Flow.NONE : gateway());
      if (recent.size() > KEPT) {
        recent.removeFirst();
      }
    }
  }

  private static Map<Integer, PeerStatus> peers(
      Sample sample, Map<String, Map<Integer, PeerStatus>> index, String tunnel) {
    return index.computeIfAbsent(
        tunnel,
        name -> {
          Map<Integer, PeerStatus> peers = new HashMap<>();
          TunnelStatus found = sample.tunnels.get(name);
          if (found != null) {
            found.peers().forEach(peer -> peers.put(peer.number(), peer));
          }
          return peers;
        });
  }
}
