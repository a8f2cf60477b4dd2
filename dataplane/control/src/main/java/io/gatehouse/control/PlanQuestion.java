// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Parameters of {@code plan}.
 *
 * @param files what would happen if these were put into the tunnel directory; none for what is in
 *     it now
 */
public record PlanQuestion(List<PlannedFile> files) {
  /** About the directory as it is now. */
  public static final PlanQuestion DIRECTORY = new PlanQuestion(List.of());

  /** Copies the list. */
  public PlanQuestion {
    files = List.copyOf(files);
  }
}
