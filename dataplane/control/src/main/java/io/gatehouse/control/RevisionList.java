// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code history.list}.
 *
 * @param revisions newest first
 * @param more whether there are older ones
 */
public record RevisionList(List<Revision> revisions, boolean more) {
  /** Copies the list. */
  public RevisionList {
    revisions = List.copyOf(revisions);
  }
}
