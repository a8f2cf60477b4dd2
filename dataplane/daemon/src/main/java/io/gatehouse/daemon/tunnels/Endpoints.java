// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.protocol.Endpoint;
import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Turns the endpoints of one tunnel's file into addresses, without ever waiting for a name server.
 *
 * <p>Literal addresses are known at once. Names are looked up on other threads; one that cannot be
 * resolved is tried again after a second, then ever more slowly up to 20 s, as wg(8) does. All
 * methods run on the control thread of the tunnels.
 */
final class Endpoints {
  private static final long FIRST_PAUSE_MILLIS = 1_000;
  private static final long LONGEST_PAUSE_MILLIS = 20_000;

  /** Looks a name up; may block. */
  interface Resolver {
    InetAddress resolve(String host) throws UnknownHostException;
  }

  /** Hears of results on the control thread. */
  interface Listener {
    void resolved(PublicKey peer, Endpoint endpoint);

    void unresolved();
  }

  private final ScheduledExecutorService control;
  private final ScheduledExecutorService lookups;
  private final Resolver resolver;
  private final Listener listener;
  private final Map<PublicKey, EndpointAddress> wanted = new HashMap<>();
  private final Map<PublicKey, Endpoint> known = new HashMap<>();
  private final Set<PublicKey> failing = new HashSet<>();

  /**
   * For one tunnel.
   *
   * @param control runs what belongs to the control thread
   * @param lookups runs what may block
   */
  Endpoints(
      ScheduledExecutorService control,
      ScheduledExecutorService lookups,
      Resolver resolver,
      Listener listener) {
    this.control = control;
    this.lookups = lookups;
    this.resolver = resolver;
    this.listener = listener;
  }

  /** Takes over what a file says and returns what is known of it by now. */
  Map<PublicKey, Endpoint> want(TunnelConfig config) {
    Map<PublicKey, EndpointAddress> before = Map.copyOf(wanted);
    wanted.clear();
    for (PeerConfig peer : config.peers()) {
      peer.endpoint().ifPresent(endpoint -> wanted.put(peer.publicKey(), endpoint));
    }
    known.keySet().removeIf(key -> !wanted.containsKey(key));
    failing.retainAll(wanted.keySet());
    wanted.forEach(
        (peer, endpoint) -> {
          if (!endpoint.equals(before.get(peer))) {
            known.remove(peer);
            failing.remove(peer);
            start(peer, endpoint);
          }
        });
    return Map.copyOf(known);
  }

  /** Where the file says that a peer is, as far as that is known by now. */
  Optional<Endpoint> known(PublicKey peer) {
    return Optional.ofNullable(known.get(peer));
  }

  /** The peers whose endpoint's name could not be resolved when last tried. */
  Set<PublicKey> failing() {
    return Set.copyOf(failing);
  }

  /** Forgets everything; lookups under way end without effect. */
  void clear() {
    wanted.clear();
    known.clear();
    failing.clear();
  }

  private void start(PublicKey peer, EndpointAddress endpoint) {
    if (isLiteral(endpoint.host())) {
      try {
        known.put(peer, at(InetAddress.getByName(endpoint.host()), endpoint));
        return;
      } catch (UnknownHostException e) {
        // A zone that is not there yet; it may come.
      }
    }
    lookups.execute(() -> lookUp(peer, endpoint, FIRST_PAUSE_MILLIS));
  }

  private void lookUp(PublicKey peer, EndpointAddress endpoint, long pause) {
    try {
      Endpoint found = at(resolver.resolve(endpoint.host()), endpoint);
      control.execute(() -> found(peer, endpoint, found));
    } catch (UnknownHostException e) {
      control.execute(() -> notFound(peer, endpoint, pause));
    }
  }

  private void found(PublicKey peer, EndpointAddress endpoint, Endpoint found) {
    if (endpoint.equals(wanted.get(peer))) {
      known.put(peer, found);
      failing.remove(peer);
      listener.resolved(peer, found);
    }
  }

  private void notFound(PublicKey peer, EndpointAddress endpoint, long pause) {
    if (endpoint.equals(wanted.get(peer))) {
      failing.add(peer);
      listener.unresolved();
      long next = Math.min(LONGEST_PAUSE_MILLIS, pause * 6 / 5);
      Runnable again = () -> lookUp(peer, endpoint, next);
      var _ = lookups.schedule(again, pause, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean isLiteral(String host) {
    if (host.indexOf(':') >= 0) {
      return true;
    }
    try {
      InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Endpoint at(InetAddress address, EndpointAddress endpoint) {
    return Endpoint.of(new InetSocketAddress(address, endpoint.port()));
  }
}
