// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What differs of one tunnel.
 *
 * @param tunnel all of it but {@code peers} and {@code findings}, which are empty here
 * @param findings all of them, if they differ
 * @param whole whether {@code peers} are all there are, in order
 * @param peers otherwise those that differ, and those that are new, which come behind the others in
 *     this order
 * @param removedPeers public keys of those that are gone, unless {@code whole}
 */
public record TunnelChange(
    TunnelStatus tunnel,
    Optional<List<FindingStatus>> findings,
    boolean whole,
    List<PeerStatus> peers,
    List<String> removedPeers) {
  /** Copies the lists. */
  public TunnelChange {
    peers = List.copyOf(peers);
    removedPeers = List.copyOf(removedPeers);
  }

  /** Empty if nothing differs but ages. */
  static Optional<TunnelChange> between(Optional<TunnelStatus> before, TunnelStatus after) {
    TunnelStatus head = after.with(List.of(), List.of());
    if (before.isEmpty()) {
      return Optional.of(
          new TunnelChange(head, Optional.of(after.findings()), true, after.peers(), List.of()));
    }
    TunnelStatus old = before.get();
    Optional<List<FindingStatus>> findings =
        old.findings().equals(after.findings()) ? Optional.empty() : Optional.of(after.findings());
    TunnelChange change =
        peers(old.peers(), after.peers())
            .map(each -> new TunnelChange(head, findings, false, each.changed(), each.removed()))
            .orElseGet(() -> new TunnelChange(head, findings, true, after.peers(), List.of()));
    boolean same =
        findings.isEmpty()
            && !change.whole()
            && change.peers().isEmpty()
            && change.removedPeers().isEmpty()
            && old.with(List.of(), List.of()).equals(head);
    return same ? Optional.empty() : Optional.of(change);
  }

  /** The tunnel as it is now. */
  TunnelStatus applyTo(Optional<TunnelStatus> known, long seconds) {
    List<FindingStatus> said =
        findings.orElseGet(() -> known.map(TunnelStatus::findings).orElse(List.of()));
    if (whole || known.isEmpty()) {
      return tunnel.with(peers, said);
    }
    if (peers.isEmpty() && removedPeers.isEmpty()) {
      return older(tunnel.with(known.get().peers(), said), seconds);
    }
    Map<String, PeerStatus> now = byKey(known.get().peers());
    removedPeers.forEach(now::remove);
    now.replaceAll((key, peer) -> peer.older(seconds));
    peers.forEach(peer -> now.put(peer.publicKey(), peer));
    return tunnel.with(List.copyOf(now.values()), said);
  }

  /** A tunnel of which only time has passed. */
  static TunnelStatus older(TunnelStatus tunnel, long seconds) {
    return seconds == 0
        ? tunnel
        : tunnel.with(
            tunnel.peers().stream().map(peer -> peer.older(seconds)).toList(), tunnel.findings());
  }

  private record Peers(List<PeerStatus> changed, List<String> removed) {}

  /** Empty if they do not follow from each other by exchange, removal and appending. */
  private static Optional<Peers> peers(List<PeerStatus> before, List<PeerStatus> after) {
    Map<String, PeerStatus> old = byKey(before);
    if (old.size() < before.size()) {
      // A disabled peer can have several sections.
      return before.equals(after) ? Optional.of(new Peers(List.of(), List.of())) : Optional.empty();
    }
    List<PeerStatus> changed = new ArrayList<>();
    List<PeerStatus> stayed = new ArrayList<>(after.size());
    boolean appended = false;
    for (PeerStatus peer : after) {
      PeerStatus known = old.remove(peer.publicKey());
      if (known == null) {
        appended = true;
      } else if (appended) {
        // What was there stands behind what is new.
        return Optional.empty();
      } else {
        stayed.add(known);
      }
      if (known == null || !known.isSameButForAge(peer)) {
        changed.add(peer);
      }
    }
    // What is left is gone; the others must have kept their order, and none may be there twice.
    List<String> removed = List.copyOf(old.keySet());
    List<PeerStatus> inOrder =
        removed.isEmpty()
            ? before
            : before.stream().filter(peer -> !old.containsKey(peer.publicKey())).toList();
    boolean follows = inOrder.equals(stayed) && (!appended || byKey(after).size() == after.size());
    return follows ? Optional.of(new Peers(changed, removed)) : Optional.empty();
  }

  private static Map<String, PeerStatus> byKey(List<PeerStatus> peers) {
    Map<String, PeerStatus> keys = LinkedHashMap.newLinkedHashMap(peers.size());
    peers.forEach(peer -> keys.put(peer.publicKey(), peer));
    return keys;
  }
}
