// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code tunnel.approve}: the files are applied as they are now.
 *
 * @param files names of those that waited or were held back, sorted
 * @param findings what is to be said about them
 */
public record Approved(List<String> files, List<FindingStatus> findings) {
  /** Copies the lists. */
  public Approved {
    files = List.copyOf(files);
    findings = List.copyOf(findings);
  }
}
