// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;
import java.util.Locale;

/**
 * What a plan does to one tunnel.
 *
 * @param tunnel interface name; empty if the file's name gives none
 * @param file its name
 * @param outcome for the tunnel as a whole
 * @param lines each difference, in the order of the kinds
 * @param findings about the file
 */
public record TunnelPlan(
    String tunnel,
    String file,
    PlanOutcome outcome,
    List<PlanLine> lines,
    List<FindingStatus> findings) {
  /** Copies the lists. */
  public TunnelPlan {
    lines = List.copyOf(lines);
    findings = List.copyOf(findings);
  }

  /** Lines for people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(file).append(' ').append(outcome.words()).append('\n');
    lines.forEach(line -> text.append("  ").append(line.text()).append('\n'));
    findings.forEach(
        finding ->
            text.append("  ")
                .append(finding.severity().toLowerCase(Locale.ROOT))
                .append(": ")
                .append(finding.text())
                .append('\n'));
    return text.toString();
  }
}
