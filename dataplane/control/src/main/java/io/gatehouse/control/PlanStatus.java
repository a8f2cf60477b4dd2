// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code plan}: what would be done now so that the tunnels are what their files say.
 * Holds no secret.
 *
 * @param tunnels to which something would be done, or whose file would not be applied; sorted by
 *     file, those that go first
 */
public record PlanStatus(List<TunnelPlan> tunnels) {
  /** Copies the list. */
  public PlanStatus {
    tunnels = List.copyOf(tunnels);
  }

  /** Whether nothing would be done. */
  public boolean isEmpty() {
    return tunnels.isEmpty();
  }

  /** Lines for people. */
  public String text() {
    if (isEmpty()) {
      return "Nothing to do.\n";
    }
    StringBuilder text = new StringBuilder();
    tunnels.forEach(tunnel -> text.append(tunnel.text()));
    return text.toString();
  }
}
