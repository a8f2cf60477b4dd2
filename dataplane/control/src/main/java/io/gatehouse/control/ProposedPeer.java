// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Addresses that a new peer can have.
 *
 * @param addresses {@code address/length} with the length of a single address, one for each network
 *     of the tunnel that has one free; for AllowedIPs on this side and for Address on the other
 */
public record ProposedPeer(List<String> addresses) {
  /** Copies the list. */
  public ProposedPeer {
    addresses = List.copyOf(addresses);
  }
}
