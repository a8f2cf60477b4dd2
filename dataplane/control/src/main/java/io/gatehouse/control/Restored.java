// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code history.restore} and {@code commit.revert}: the files are written and taken.
 *
 * @param files names of those that were changed or removed, sorted; may be empty
 * @param findings what is to be said about them
 */
public record Restored(List<String> files, List<FindingStatus> findings) {
  /** Copies the lists. */
  public Restored {
    files = List.copyOf(files);
    findings = List.copyOf(findings);
  }
}
