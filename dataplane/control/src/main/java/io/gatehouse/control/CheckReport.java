// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code check}.
 *
 * @param good whether there is no error
 * @param findings what is to be said, by line
 */
public record CheckReport(boolean good, List<FindingStatus> findings) {
  /** Copies the list. */
  public CheckReport {
    findings = List.copyOf(findings);
  }
}
