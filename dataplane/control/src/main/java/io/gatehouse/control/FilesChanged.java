// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;
import java.util.Optional;

/**
 * Result of {@code edit} and of the {@code file.*} methods that change something: it is written and
 * taken, or, on a dry run, would be.
 *
 * @param files those that differ now, sorted by name; may be empty
 * @param diff what differs, unified; a key stands there as {@code (hidden)}, also in a line that
 *     differs in nothing else
 * @param findings of all checks about these files, and about their tunnels as they run then; on a
 *     dry run none of these
 * @param plan on a dry run, what would be done to the tunnels
 */
public record FilesChanged(
    List<FileVersion> files, String diff, List<FindingStatus> findings, Optional<PlanStatus> plan) {
  /** Copies the lists. */
  public FilesChanged {
    files = List.copyOf(files);
    findings = List.copyOf(findings);
  }
}
