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
import java.security.Security;
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
 * resolved is tried again after a second, then ever more slowly up to 20 s, as wg(8) does, but
 * without end. The name of a peer that does not answer is looked up again, since it may have moved.
 * All methods run on the control thread of the tunnels.
 */
final class Endpoints {
  private static final long FIRST_PAUSE_MILLIS = 1_000;
  private static final long LONGEST_PAUSE_MILLIS = 20_000;

  /** A peer that has not answered three initiations may be elsewhere. */
  private static final long UNANSWERED_NANOS = TimeUnit.SECONDS.toNanos(15);

  private static final long LONGEST_UNANSWERED_NANOS = TimeUnit.SECONDS.toNanos(300);

  /** Looks a name up; may block. */
  interface Resolver {
    InetAddress resolve(String host) throws UnknownHostException;
  }

  /** Hears of results on the control thread. */
  interface Listener {
    /**
     * A name was resolved.
     *
     * @param again whether it had been before, and was looked up because the peer does not answer
     */
    void resolved(PublicKey peer, Endpoint endpoint, boolean again);

    void unresolved();
  }

  private final ScheduledExecutorService control;
  private final ScheduledExecutorService lookups;
  private final Resolver resolver;
  private final Listener listener;
  private final Map<PublicKey, EndpointAddress> wanted = new HashMap<>();
  private final Map<PublicKey, Endpoint> known = new HashMap<>();
  private final Set<PublicKey> failing = new HashSet<>();
  private final Map<PublicKey, Search> searches = new HashMap<>();

  /** How long a peer must not have answered before its name is looked up again. */
  private final Map<PublicKey, Long> patience = new HashMap<>();

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

  /** The machine's own resolver, asked anew each time: the platform would answer from memory. */
  static Resolver ofThisMachine() {
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    return InetAddress::getByName;
  }

  /** Takes over what a file says and returns what is known of it by now. */
  Map<PublicKey, Endpoint> want(TunnelConfig config) {
    Map<PublicKey, EndpointAddress> before = Map.copyOf(wanted);
    wanted.clear();
    for (PeerConfig peer : config.peers()) {
      peer.endpoint().ifPresent(endpoint -> wanted.put(peer.publicKey(), endpoint));
    }
    before.forEach(
        (peer, endpoint) -> {
          if (!endpoint.equals(wanted.get(peer))) {
            known.remove(peer);
            failing.remove(peer);
            searches.remove(peer);
            patience.remove(peer);
          }
        });
    wanted.forEach(
        (peer, endpoint) -> {
          if (!endpoint.equals(before.get(peer))) {
            start(peer, endpoint);
          }
        });
    return Map.copyOf(known);
  }

  /** What {@link #want} would return at once. Changes nothing and looks nothing up. */
  Map<PublicKey, Endpoint> foresee(TunnelConfig config) {
    Map<PublicKey, Endpoint> foreseen = new HashMap<>();
    for (PeerConfig peer : config.peers()) {
      PublicKey key = peer.publicKey();
      if (peer.endpoint().isPresent()) {
        EndpointAddress endpoint = peer.endpoint().get();
        (endpoint.equals(wanted.get(key)) ? known(key) : literal(endpoint))
            .ifPresent(at -> foreseen.put(key, at));
      }
    }
    return foreseen;
  }

  /** Where the file says that a peer is, as far as that is known by now. */
  Optional<Endpoint> known(PublicKey peer) {
    return Optional.ofNullable(known.get(peer));
  }

  /** The peers whose endpoint's name could not be resolved when last tried. */
  Set<PublicKey> failing() {
    return Set.copyOf(failing);
  }

  /** Whether the file names any peer's endpoint, so that it may move. */
  boolean hasNames() {
    return wanted.values().stream().anyMatch(endpoint -> !isLiteral(endpoint.host()));
  }

  /** Hears that a peer has a session: it is where it is known to be. */
  void answers(PublicKey peer) {
    patience.remove(peer);
  }

  /**
   * Hears that initiations to a peer go unanswered. Looks its name up again when that has lasted
   * for 15 s, then after twice as long each time, but every five minutes at least.
   *
   * @param nanos for how long
   */
  void doesNotAnswer(PublicKey peer, long nanos) {
    EndpointAddress endpoint = wanted.get(peer);
    if (endpoint == null
        || isLiteral(endpoint.host())
        || searches.containsKey(peer)
        || nanos < patience.getOrDefault(peer, UNANSWERED_NANOS)) {
      return;
    }
    patience.put(peer, nanos + Math.min(nanos, LONGEST_UNANSWERED_NANOS));
    new Search(peer, endpoint, true).start();
  }

  /** Forgets everything; lookups under way end without effect. */
  void clear() {
    wanted.clear();
    known.clear();
    failing.clear();
    searches.clear();
    patience.clear();
  }

  private void start(PublicKey peer, EndpointAddress endpoint) {
    Optional<Endpoint> literal = literal(endpoint);
    if (literal.isPresent()) {
      known.put(peer, literal.get());
    } else {
      new Search(peer, endpoint, false).start();
    }
  }

  private static Optional<Endpoint> literal(EndpointAddress endpoint) {
    if (isLiteral(endpoint.host())) {
      try {
        return Optional.of(at(InetAddress.getByName(endpoint.host()), endpoint));
      } catch (UnknownHostException e) {
        // A zone that is not there yet; it may come.
      }
    }
    return Optional.empty();
  }

  /** Looks for one name until it is found, or until another search has taken its place. */
  private final class Search {
    private final PublicKey peer;
    private final EndpointAddress endpoint;
    private final boolean again;
    private long pause = FIRST_PAUSE_MILLIS;

    Search(PublicKey peer, EndpointAddress endpoint, boolean again) {
      this.peer = peer;
      this.endpoint = endpoint;
      this.again = again;
    }

    void start() {
      searches.put(peer, this);
      lookups.execute(this::lookUp);
    }

    private void lookUp() {
      try {
        Endpoint found = at(resolver.resolve(endpoint.host()), endpoint);
        control.execute(() -> found(found));
      } catch (UnknownHostException e) {
        control.execute(this::notFound);
      }
    }

    private void found(Endpoint found) {
      if (searches.remove(peer, this)) {
        known.put(peer, found);
        failing.remove(peer);
        listener.resolved(peer, found, again);
      }
    }

    private void notFound() {
      if (equals(searches.get(peer))) {
        failing.add(peer);
        listener.unresolved();
        var _ = lookups.schedule(this::lookUp, pause, TimeUnit.MILLISECONDS);
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 6 / 5);
      }
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
