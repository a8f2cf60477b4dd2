// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code peer.add}: the file is written and the tunnel has the peer.
 *
 * @param findings what is still worth saying about the file; none is an error
 */
public record PeerAdded(List<FindingStatus> findings) {
  /** Copies the list. */
  public PeerAdded {
    findings = List.copyOf(findings);
  }
}
