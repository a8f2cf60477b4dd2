// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.Checks;
import io.gatehouse.wgquick.check.HostFacts;
import java.util.List;
import java.util.stream.Collectors;

/** Why an edit is not made: what WireGuard would take, and silently do harm by. */
final class PeerConflicts {
  private PeerConflicts() {}

  /**
   * What the checks have against files that they had not before.
   *
   * @param others files that stay as they are
   * @param machine that they are for
   */
  static List<Finding> of(
      List<WgQuickFile> before,
      List<WgQuickFile> after,
      List<WgQuickFile> others,
      HostFacts machine) {
    var known =
        findings(before, others, machine).stream()
            .map(PeerConflicts::what)
            .collect(Collectors.toSet());
    return findings(after, others, machine).stream()
        .filter(PeerConflicts::isHarm)
        .filter(finding -> !known.contains(what(finding)))
        .toList();
  }

  /** All that the checks have to say about files. */
  static List<Finding> findings(
      List<WgQuickFile> files, List<WgQuickFile> others, HostFacts machine) {
    return Checks.findings(files, others, machine);
  }

  private static boolean isHarm(Finding finding) {
    // The kernel knows better than what was seen before whether a port is free.
    return finding.severity() == Severity.ERROR
            && !finding.code().equals(FindingCode.PORT_IN_USE.code())
        || finding.code().equals(FindingCode.OWN_KEY.code());
  }

  /** What it says, wherever that stands now. */
  static List<String> what(Finding finding) {
    return List.of(finding.code(), finding.value(), finding.message());
  }
}
