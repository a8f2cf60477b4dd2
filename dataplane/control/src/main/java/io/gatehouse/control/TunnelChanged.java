// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of the {@code tunnel.*} methods: it is done.
 *
 * @param findings what is still worth saying about the tunnel
 */
public record TunnelChanged(List<FindingStatus> findings) {
  /** Copies the list. */
  public TunnelChanged {
    findings = List.copyOf(findings);
  }
}
