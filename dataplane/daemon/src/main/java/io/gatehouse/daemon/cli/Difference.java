// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.daemon.cli.WgInterface.WgPeer;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import io.gatehouse.wgquick.WgConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code syncconf} sends: that which is different, and nothing about peers that are the same.
 *
 * <p>wg(8) names every peer again and replaces its allowed IPs, and forgets to take away a
 * preshared key or keepalive that the file no longer has; here neither happens.
 */
final class Difference {
  private static final SecretKey NO_KEY = SecretKey.of(new byte[SecretKey.LENGTH]);

  private Difference() {}

  /**
   * The change from running to wanted.
   *
   * @param peers those of {@code wanted}, resolved
   */
  static DeviceChange between(WgInterface running, WgConfig wanted, List<PeerChange> peers) {
    Map<PublicKey, WgPeer> before = new HashMap<>();
    running.peers().forEach(peer -> before.put(peer.publicKey(), peer));
    List<PeerChange> changes = new ArrayList<>();
    Set<PublicKey> named = peers.stream().map(PeerChange::publicKey).collect(Collectors.toSet());
    for (WgPeer peer : running.peers()) {
      if (!named.contains(peer.publicKey())) {
        changes.add(removal(peer.publicKey()));
      }
    }
    Set<String> moved = moved(before, peers);
    for (PeerChange peer : peers) {
      WgPeer was = before.get(peer.publicKey());
      if (was == null) {
        changes.add(peer);
      } else {
        change(was, peer, moved).ifPresent(changes::add);
      }
    }
    int port = wanted.listenPort().orElse(0);
    int mark = wanted.fwMark().orElse(0);
    return new DeviceChange(
        Optional.of(
                wanted
                    .privateKey()
                    .filter(key -> !key.isZero())
                    .map(SecretKey::clamped)
                    .orElse(NO_KEY))
            .filter(key -> !key.equals(running.privateKey().orElse(NO_KEY))),
        // 0 is any port, and the running one is.
        port == 0 || port == running.listenPort() ? OptionalInt.empty() : OptionalInt.of(port),
        mark == running.fwMark() ? OptionalInt.empty() : OptionalInt.of(mark),
        false,
        changes);
  }

  /** Prefixes that another peer has now: naming them anew moves them. */
  private static Set<String> moved(Map<PublicKey, WgPeer> before, List<PeerChange> peers) {
    Set<String> moved = new HashSet<>();
    for (PeerChange peer : peers) {
      WgPeer was = before.get(peer.publicKey());
      Set<String> had = was == null ? Set.of() : Set.copyOf(was.allowedIps());
      prefixes(peer).stream().filter(prefix -> !had.contains(prefix)).forEach(moved::add);
    }
    return moved;
  }

  private static Optional<PeerChange> change(WgPeer was, PeerChange peer, Set<String> moved) {
    Optional<SecretKey> presharedKey =
        Optional.of(peer.presharedKey().orElse(NO_KEY))
            .filter(key -> !key.equals(was.presharedKey().orElse(NO_KEY)));
    int seconds = peer.persistentKeepalive().orElse(0);
    OptionalInt keepalive =
        seconds == was.persistentKeepalive() ? OptionalInt.empty() : OptionalInt.of(seconds);
    var endpoint = peer.endpoint().filter(wanted -> !wanted.toString().equals(was.endpoint()));
    Set<String> wanted = prefixes(peer);
    boolean same =
        wanted.equals(Set.copyOf(was.allowedIps())) && wanted.stream().noneMatch(moved::contains);
    if (presharedKey.isEmpty() && keepalive.isEmpty() && endpoint.isEmpty() && same) {
      return Optional.empty();
    }
    return Optional.of(
        new PeerChange(
            peer.publicKey(),
            false,
            false,
            presharedKey,
            endpoint,
            keepalive,
            !same,
            same ? List.of() : peer.allowedIps()));
  }

  private static Set<String> prefixes(PeerChange peer) {
    return peer.allowedIps().stream()
        .map(allowed -> allowed.prefix().toString())
        .collect(Collectors.toSet());
  }

  private static PeerChange removal(PublicKey key) {
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
}
