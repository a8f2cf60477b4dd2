// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code edit} and of the {@code file.*} methods that change something: it is written and
 * taken, or, on a dry run, would be.
 *
 * @param files those that differ now, sorted by name; may be empty
 * @param diff what differs, unified; a key stands there as {@code (hidden)}, also in a line that
 *     differs in nothing else
 * @param findings of all checks about these files, and about their tunnels as they run then; on a
 *     dry run none of these
 */
public record FilesChanged(List<FileVersion> files, String diff, List<FindingStatus> findings) {
  /** Copies the lists. */
  public FilesChanged {
    files = List.copyOf(files);
    findings = List.copyOf(findings);
  }
}
