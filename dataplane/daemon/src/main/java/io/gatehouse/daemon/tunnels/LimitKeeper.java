// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.PeerState;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Keeps to the limits of one tunnel's peers: knows which are withheld as it runs, counts what they
 * use, and says when that must change. Control thread.
 */
final class LimitKeeper {
  /** As many findings as the reader lists of each kind. */
  private static final int MOST = 100;

  /** The counters of a device, of the peers that are asked for and in it. */
  interface Counters {
    /** Octets of both directions together since the peer was added. */
    Map<PublicKey, Long> of(Collection<PublicKey> peers);
  }

  private final InterfaceName name;
  private final QuotaUsage usage;
  private PeerLimits limits = PeerLimits.NONE;
  private List<PeerConfig> withQuota = List.of();
  private Withheld withheld = Withheld.NONE;

  LimitKeeper(InterfaceName name, QuotaUsage usage) {
    this.name = name;
    this.usage = usage;
  }

  /** Which peers of a file may not be in force now. */
  Withheld decide(TunnelConfig file) {
    return decide(PeerLimits.of(file));
  }

  private Withheld decide(PeerLimits of) {
    return of.isEmpty()
        ? Withheld.NONE
        : of.at(
            usage.clock().instant(),
            usage.clock().getZone(),
            (peer, period) -> usage.used(name, peer, period));
  }

  /** The tunnel runs so from now on. */
  void runs(TunnelConfig file, Withheld without, Counters device) {
    limits = PeerLimits.of(file);
    withQuota = limits.withQuota();
    withheld = without;
    usage.retain(name, file);
    usage.stopReadingBut(name, withQuota);
    count(device);
  }

  /** Nothing runs any more. */
  void ended() {
    limits = PeerLimits.NONE;
    withQuota = List.of();
    withheld = Withheld.NONE;
    usage.stopReading(name);
  }

  /** Which peers are withheld as it runs. */
  Withheld withheld() {
    return withheld;
  }

  /** Whether time or traffic can change which peers are in force. */
  boolean hasLimits() {
    return !limits.isEmpty();
  }

  /** Reads the counters, if that is about somebody. */
  void count(Counters device) {
    if (!withQuota.isEmpty()) {
      usage.count(
          name, withQuota, device.of(withQuota.stream().map(PeerConfig::publicKey).toList()));
    }
  }

  /** Counts, and tells whether other peers are to be in force now. */
  boolean isDue(Counters device) {
    count(device);
    Instant now = usage.clock().instant();
    if (limits.isEmpty() || withQuota.isEmpty() && withheld.holdsAt(now)) {
      return false;
    }
    Withheld next = decide(limits);
    boolean due = !next.peers().equals(withheld.peers());
    if (!due) {
      withheld = next;
    }
    return due;
  }

  /** A note for each peer that is withheld. */
  List<Finding> findings(TunnelConfig file) {
    List<Finding> findings = new ArrayList<>();
    List<PeerConfig> peers = withheld.of(file);
    for (PeerConfig peer : peers.subList(0, Math.min(MOST, peers.size()))) {
      findings.add(finding(peer));
    }
    if (peers.size() > MOST) {
      findings.add(FindingCode.MORE.at(name.fileName(), 0, "", peers.size() - MOST));
    }
    return findings;
  }

  private Finding finding(PeerConfig peer) {
    if (withheld.peers().get(peer.publicKey()) == PeerState.EXPIRED) {
      String when = peer.metadata().expires().map(Instant::toString).orElse("");
      return TunnelFinding.PEER_EXPIRED.at(name.fileName(), peer.line(), when, peer.shown());
    }
    String quota = peer.metadata().quota().map(Object::toString).orElse("");
    return TunnelFinding.PEER_OVER_QUOTA.at(name.fileName(), peer.line(), quota, peer.shown());
  }
}
