// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import java.util.Optional;

/**
 * What a cell is about: the gateway (the empty name), a tunnel ({@code wg0}) or one of its peers by
 * number ({@code wg0/3}). A cell's name is its subject's, a slash, and a word.
 *
 * @param tunnel interface name, empty for the gateway
 * @param peer number of the peer, 0 for none
 */
public record Subject(String tunnel, int peer) {
  /** The gateway as a whole. */
  public static final Subject GATEWAY = new Subject("", 0);

  /** A tunnel. */
  public static Subject of(TunnelStatus tunnel) {
    return new Subject(tunnel.name(), 0);
  }

  /** A peer of a tunnel. */
  public static Subject of(TunnelStatus tunnel, PeerStatus peer) {
    return new Subject(tunnel.name(), peer.number());
  }

  /** The other way round; empty if it is no subject's name. */
  static Optional<Subject> parse(String name) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return Optional.of(new Subject(name, 0));
    }
    String number = name.substring(slash + 1);
    return number.matches("[1-9][0-9]{0,8}")
        ? Optional.of(new Subject(name.substring(0, slash), Integer.parseInt(number)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return peer == 0 ? tunnel : tunnel + "/" + peer;
  }
}
