// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.FindingCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Collects what checks find, by tunnel. Keeps the first hundred of each kind: nobody reads more.
 */
final class Report {
  private static final int MOST = 100;

  private final Map<Tunnel, List<Finding>> kept = new HashMap<>();
  private final Map<Tunnel, Map<FindingCode, Integer>> counts = new HashMap<>();

  /**
   * Takes a finding about a tunnel that is asked about.
   *
   * @param finding made only if it is kept, since finding its line takes time
   */
  void add(Tunnel about, FindingCode code, Supplier<Finding> finding) {
    if (!about.asked) {
      return;
    }
    int count =
        counts
            .computeIfAbsent(about, tunnel -> new EnumMap<>(FindingCode.class))
            .merge(code, 1, Integer::sum);
    if (count <= MOST) {
      kept.computeIfAbsent(about, tunnel -> new ArrayList<>()).add(finding.get());
    }
  }

  /** What was found about a tunnel, with a note about what was not kept. */
  List<Finding> about(Tunnel tunnel) {
    List<Finding> findings = new ArrayList<>(kept.getOrDefault(tunnel, List.of()));
    int more =
        counts.getOrDefault(tunnel, Map.of()).values().stream()
            .mapToInt(count -> Math.max(0, count - MOST))
            .sum();
    if (more > 0) {
      findings.add(FindingCode.MORE.at(tunnel.file.fileName(), 0, "", more));
    }
    return findings;
  }
}
