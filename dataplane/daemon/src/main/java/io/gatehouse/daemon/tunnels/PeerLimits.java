// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.PeerState;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.Quota;
import io.gatehouse.wgquick.TunnelConfig;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The limits that a file sets to its peers, and what follows from them. Immutable.
 *
 * @param limited the peers that expire or have a quota, in file order
 */
record PeerLimits(List<PeerConfig> limited) {
  /** No peer has one. */
  static final PeerLimits NONE = new PeerLimits(List.of());

  /** What has passed of a quota in the period of a moment. */
  interface Usage {
    /** Octets, both directions together. */
    long used(PublicKey peer, Quota.Period period);
  }

  PeerLimits {
    limited = List.copyOf(limited);
  }

  static PeerLimits of(TunnelConfig file) {
    return new PeerLimits(
        file.peers().stream()
            .filter(
                peer ->
                    peer.metadata().expires().isPresent() || peer.metadata().quota().isPresent())
            .toList());
  }

  boolean isEmpty() {
    return limited.isEmpty();
  }

  /** The peers whose traffic counts. */
  List<PeerConfig> withQuota() {
    return limited.stream().filter(peer -> peer.metadata().quota().isPresent()).toList();
  }

  /**
   * Which peers are not in force at a moment: from the instant on at which they expire, and from
   * when on they have used their quota until the period is over.
   *
   * @param zone whose midnights begin a period
   */
  Withheld at(Instant now, ZoneId zone, Usage usage) {
    Map<PublicKey, PeerState> withheld = new HashMap<>();
    Instant from = Instant.MIN;
    Instant until = Instant.MAX;
    for (PeerConfig peer : limited) {
      Optional<Instant> expires = peer.metadata().expires();
      if (peer.metadata().isExpired(now)) {
        withheld.put(peer.publicKey(), PeerState.EXPIRED);
        from = later(from, expires.orElse(from));
        continue;
      }
      until = earlier(until, expires.orElse(until));
      Optional<Quota> quota = peer.metadata().quota();
      if (quota.isPresent()) {
        Quota.Period period = quota.get().period();
        from = later(from, period.startOf(now, zone));
        until = earlier(until, period.endOf(now, zone));
        if (usage.used(peer.publicKey(), period) >= quota.get().octets()) {
          withheld.put(peer.publicKey(), PeerState.OVER_QUOTA);
        }
      }
    }
    return new Withheld(withheld, from, until);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
