// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * What a restore would do to a file of the tunnel directory.
 *
 * @param name such as {@code wg0.conf}
 * @param change what becomes of it
 * @param findings about it as it would be
 */
public record RestoredFile(String name, Change change, List<FindingStatus> findings) {
  /** What becomes of a file. */
  public enum Change {
    /** It is not there yet. */
    ADDED,
    /** It is there, but otherwise. */
    CHANGED,
    /** It is there and goes. */
    REMOVED,
    /** It is there, and just so. */
    SAME
  }

  /** Copies the list. */
  public RestoredFile {
    findings = List.copyOf(findings);
  }
}
