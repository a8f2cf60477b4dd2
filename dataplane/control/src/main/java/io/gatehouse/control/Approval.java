// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Parameters of {@code tunnel.approve}.
 *
 * @param tunnels interface names; none for all that wait or are held back
 */
public record Approval(List<String> tunnels) {
  /** Copies the list. */
  public Approval {
    tunnels = List.copyOf(tunnels);
  }
}
