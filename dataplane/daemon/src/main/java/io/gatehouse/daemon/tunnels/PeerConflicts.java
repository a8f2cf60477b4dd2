// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.Checks;
import io.gatehouse.wgquick.check.HostFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a peer cannot be added to a tunnel: what WireGuard would take, and silently do harm by. */
final class PeerConflicts {
  private PeerConflicts() {}

  /** What the checks have against the file with the peer that they had not before. */
  static List<Finding> of(WgQuickFile before, WgQuickFile after, Optional<PublicKey> own) {
    var known = findings(before, own).stream().map(PeerConflicts::what).collect(Collectors.toSet());
    return findings(after, own).stream()
        .filter(PeerConflicts::isHarm)
        .filter(finding -> !known.contains(what(finding)))
        .toList();
  }

  private static List<Finding> findings(WgQuickFile file, Optional<PublicKey> own) {
    Map<String, PublicKey> keys = new HashMap<>();
    Optional<String> name = file.interfaceName().map(InterfaceName::value);
    own.ifPresent(key -> name.ifPresent(tunnel -> keys.put(tunnel, key)));
    return Checks.findings(List.of(file), List.of(), HostFacts.UNKNOWN.withOwnKeys(keys));
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
