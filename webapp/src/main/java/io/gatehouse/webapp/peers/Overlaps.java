// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.wgquick.Prefix;
import java.util.ArrayList;
import java.util.List;

/** Networks of a tunnel that lie in each other: which peer gets what. */
public final class Overlaps {
  private static final int MOST = 20;

  private Overlaps() {}

  /** How two networks lie to each other. */
  public enum Kind {
    /** Another peer has the very same network; only one of them can be reached by it. */
    SAME,
    /** Another peer has a part of it, and gets what goes there. */
    HOLDS,
    /** It is a part of what another peer has, and takes that from it. */
    WITHIN
  }

  /**
   * A network of another peer.
   *
   * @param kind how it lies to ours
   * @param prefix the other network
   * @param peer whose it is
   */
  public record Overlap(Kind kind, String prefix, PeerStatus peer) {}

  /** What overlaps a network of a peer; the widest of all, {@code /0}, holds everything anyway. */
  public static List<Overlap> of(TunnelStatus tunnel, PeerStatus peer, String text) {
    Prefix ours = Prefix.parse(text).masked();
    List<Overlap> found = new ArrayList<>();
    for (PeerStatus other : tunnel.peers()) {
      if (other.number() == peer.number()) {
        continue;
      }
      for (String otherText : other.allowedIps()) {
        Prefix theirs = Prefix.parse(otherText).masked();
        if (ours.equals(theirs)) {
          found.add(new Overlap(Kind.SAME, otherText, other));
        } else if (ours.contains(theirs) && ours.length() > 0) {
          found.add(new Overlap(Kind.HOLDS, otherText, other));
        } else if (theirs.contains(ours) && theirs.length() > 0) {
          found.add(new Overlap(Kind.WITHIN, otherText, other));
        }
        if (found.size() == MOST) {
          return found;
        }
      }
    }
    return found;
  }
}
