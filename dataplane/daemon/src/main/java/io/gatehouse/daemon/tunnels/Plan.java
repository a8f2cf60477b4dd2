// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;
import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import io.gatehouse.wgquick.TunnelConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The difference between a tunnel as it runs and as its file wants it. What is the same does not
 * occur in it, so a peer that did not change keeps its session, its queue and its counters.
 *
 * @param fresh whether the interface was just made, and goes away if this fails
 * @param device for the device, peers that go away first
 * @param markBefore the mark of the device's packets, before
 * @param before what is set on the machine
 * @param after what is to be set on the machine
 * @param mtu to be set
 * @param linkUp whether the interface must be set up
 */
record Plan(
    boolean fresh,
    DeviceChange device,
    int markBefore,
    Setup before,
    Setup after,
    OptionalInt mtu,
    boolean linkUp) {

  /**
   * A change outside of the interface: at least one of both is there.
   *
   * @param before to be replaced, or removed
   * @param after to be set
   */
  record OutsideChange(Optional<Outside> before, Optional<Outside> after) {}

  /** The same change of the device, with other changes of the machine. */
  Plan only(Setup from, Setup to, OptionalInt size) {
    return new Plan(fresh, device, markBefore, from, to, size, linkUp);
  }

  /** Whether there is nothing to do. */
  boolean isEmpty() {
    return device.isEmpty() && before.equals(after) && mtu.isEmpty() && !linkUp;
  }

  /** Addresses to be taken from the interface. */
  List<Prefix> removedAddresses() {
    return minus(before.addresses(), after.addresses());
  }

  /** Addresses to be given to the interface. */
  List<Prefix> addedAddresses() {
    return minus(after.addresses(), before.addresses());
  }

  /** Routes to be deleted. */
  List<TunnelRoute> removedRoutes() {
    return minus(before.routes(), after.routes());
  }

  /** Routes to be made, most specific first. */
  List<TunnelRoute> addedRoutes() {
    return minus(after.routes(), before.routes());
  }

  /** What is to be set outside of the interface, then what is to be removed. */
  List<OutsideChange> outsideChanges() {
    Map<Object, Outside> gone = new LinkedHashMap<>();
    before.outside().forEach(thing -> gone.put(thing.slot(), thing));
    List<OutsideChange> changes = new ArrayList<>();
    for (Outside thing : after.outside()) {
      Optional<Outside> was = Optional.ofNullable(gone.remove(thing.slot()));
      if (!was.equals(Optional.of(thing))) {
        changes.add(new OutsideChange(was, Optional.of(thing)));
      }
    }
    gone.values()
        .forEach(was -> changes.add(new OutsideChange(Optional.of(was), Optional.empty())));
    return changes;
  }

  /**
   * Makes the plan.
   *
   * @param setup that the file asks for
   * @param endpoints of the peers, as far as they are known by now
   * @param mtu that the interface is to have
   */
  static Plan of(
      Running running,
      TunnelConfig wanted,
      Setup setup,
      Map<PublicKey, Endpoint> endpoints,
      int mtu) {
    return new Plan(
        running.file().isEmpty(),
        device(running, wanted, setup.fwMark(), endpoints),
        running.device().fwMark(),
        running.setup(),
        setup,
        running.mtu() == mtu ? OptionalInt.empty() : OptionalInt.of(mtu),
        !running.up());
  }

  private static DeviceChange device(
      Running running, TunnelConfig wanted, int fwMark, Map<PublicKey, Endpoint> endpoints) {
    DeviceSnapshot device = running.device();
    return new DeviceChange(
        secret(device.privateKey(), privateKey(wanted)),
        listenPort(running, wanted),
        changed(device.fwMark(), fwMark),
        false,
        peers(running, wanted, endpoints));
  }

  /** As the device has it once it is set, so that the same key set anew ends no session. */
  private static Optional<SecretKey> privateKey(TunnelConfig wanted) {
    return wanted.privateKey().filter(key -> !key.isZero()).map(SecretKey::clamped);
  }

  /** A port that the file leaves open is chosen once and stays. */
  private static OptionalInt listenPort(Running running, TunnelConfig wanted) {
    int port = wanted.listenPort().orElse(0);
    if (port != 0) {
      return changed(running.device().listenPort(), port);
    }
    boolean wasFixed = running.file().map(file -> file.listenPort().orElse(0) != 0).orElse(false);
    return wasFixed ? OptionalInt.of(0) : OptionalInt.empty();
  }

  private static List<PeerChange> peers(
      Running running, TunnelConfig wanted, Map<PublicKey, Endpoint> endpoints) {
    Map<PublicKey, PeerSnapshot> present = new LinkedHashMap<>();
    running.device().peers().forEach(peer -> present.put(peer.publicKey(), peer));
    Map<PublicKey, PeerConfig> before = new HashMap<>();
    running
        .file()
        .ifPresent(file -> file.peers().forEach(peer -> before.put(peer.publicKey(), peer)));
    // With another private key, what was our own key may be a peer's now.
    boolean sameKey = running.device().privateKey().equals(privateKey(wanted));
    Optional<PublicKey> own = sameKey ? running.device().publicKey() : Optional.empty();

    List<PeerChange> changes = new ArrayList<>();
    for (PeerConfig peer : wanted.peers()) {
      if (own.filter(peer.publicKey()::equals).isPresent()) {
        continue;
      }
      Optional<Endpoint> endpoint = Optional.ofNullable(endpoints.get(peer.publicKey()));
      PeerSnapshot now = present.remove(peer.publicKey());
      if (now == null) {
        changes.add(added(peer, endpoint));
      } else {
        Optional<EndpointAddress> said =
            Optional.ofNullable(before.get(peer.publicKey())).flatMap(PeerConfig::endpoint);
        // A peer that has roamed stays where it is, until the file says something new.
        boolean moved = !said.equals(peer.endpoint()) || now.endpoint().isEmpty();
        changed(now, peer, moved ? endpoint : Optional.empty()).ifPresent(changes::add);
      }
    }
    List<PeerChange> all = new ArrayList<>();
    present.keySet().forEach(gone -> all.add(removed(gone)));
    all.addAll(changes);
    return all;
  }

  private static PeerChange added(PeerConfig peer, Optional<Endpoint> endpoint) {
    return new PeerChange(
        peer.publicKey(),
        false,
        false,
        peer.presharedKey(),
        endpoint,
        peer.persistentKeepalive(),
        true,
        given(peer.allowedIps()));
  }

  private static Optional<PeerChange> changed(
      PeerSnapshot now, PeerConfig wanted, Optional<Endpoint> moved) {
    Optional<SecretKey> presharedKey = secret(now.presharedKey(), wanted.presharedKey());
    Optional<Endpoint> endpoint =
        moved.filter(to -> !now.endpoint().map(Endpoint::withoutSource).equals(Optional.of(to)));
    OptionalInt keepalive =
        changed(now.persistentKeepalive(), wanted.persistentKeepalive().orElse(0));
    boolean sameIps = new HashSet<>(now.allowedIps()).equals(new HashSet<>(wanted.allowedIps()));
    if (presharedKey.isEmpty() && endpoint.isEmpty() && keepalive.isEmpty() && sameIps) {
      return Optional.empty();
    }
    return Optional.of(
        new PeerChange(
            wanted.publicKey(),
            false,
            false,
            presharedKey,
            endpoint,
            keepalive,
            !sameIps,
            sameIps ? List.of() : given(wanted.allowedIps())));
  }

  /** That a peer goes away. */
  static PeerChange removed(PublicKey key) {
    return new PeerChange(
        key,
        true,
        false,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        false,
        List.of());
  }

  private static List<AllowedIpChange> given(List<Prefix> prefixes) {
    return prefixes.stream().map(prefix -> new AllowedIpChange(prefix, false)).toList();
  }

  /** What to set so that a key becomes the wanted one; all zero takes it away. */
  private static Optional<SecretKey> secret(Optional<SecretKey> now, Optional<SecretKey> wanted) {
    // An all-zero key in a file means none, as for the device.
    Optional<SecretKey> target = wanted.filter(key -> !key.isZero());
    if (now.equals(target)) {
      return Optional.empty();
    }
    return target.or(() -> Optional.of(SecretKey.of(new byte[SecretKey.LENGTH])));
  }

  private static OptionalInt changed(int now, int wanted) {
    return now == wanted ? OptionalInt.empty() : OptionalInt.of(wanted);
  }

  private static <T> List<T> minus(List<T> from, List<T> without) {
    HashSet<T> gone = new HashSet<>(without);
    return from.stream().filter(item -> !gone.contains(item)).toList();
  }
}
