// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.Checks;
import io.gatehouse.wgquick.check.HostFacts;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Why an edit is not made: what WireGuard would take, and silently do harm by. */
final class PeerConflicts {
  private PeerConflicts() {}

  /**
   * What the checks have against files that they had not before.
   *
   * @param others files that stay as they are
   * @param own public keys of tunnels, by interface name
   */
  static List<Finding> of(
      List<WgQuickFile> before,
      List<WgQuickFile> after,
      List<WgQuickFile> others,
      Map<String, PublicKey> own) {
    var known =
        findings(before, others, own).stream().map(PeerConflicts::what).collect(Collectors.toSet());
    return findings(after, others, own).stream()
        .filter(PeerConflicts::isHarm)
        .filter(finding -> !known.contains(what(finding)))
        .toList();
  }

  /** All that the checks have to say about files, without a look at the machine. */
  static List<Finding> findings(
      List<WgQuickFile> files, List<WgQuickFile> others, Map<String, PublicKey> own) {
    return Checks.findings(files, others, HostFacts.UNKNOWN.withOwnKeys(own));
  }

  private static boolean isHarm(Finding finding) {
    return finding.severity() == Severity.ERROR
        || finding.code().equals(FindingCode.OWN_KEY.code());
  }

  /** What it says, wherever that stands now. */
  static List<String> what(Finding finding) {
    return List.of(finding.code(), finding.value(), finding.message());
  }
}
