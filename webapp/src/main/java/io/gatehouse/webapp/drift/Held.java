// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.drift;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.wgquick.Key;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** How the data plane says that a file is not applied before somebody approves it. */
final class Held {
  private static final Set<String> CODES = Set.of("HELD-BACK", "WAITS-FOR-APPROVAL");

  private Held() {}

  /** The finding that says so; empty for a file that is applied or only wrong. */
  static Optional<FindingStatus> of(TunnelStatus tunnel) {
    return tunnel.findings().stream().filter(finding -> CODES.contains(finding.code())).findFirst();
  }

  /** The lines of a file that a shell would run, with the key as wg-quick(8) spells it. */
  static List<String> hooks(String text) {
    return text.lines().flatMap(Held::hook).toList();
  }

  private static Stream<String> hook(String line) {
    int equals = line.indexOf('=');
    return equals < 0
        ? Stream.empty()
        : Key.of(line.substring(0, equals).strip()).filter(Key::isHook).stream()
            .map(key -> key.text() + " = " + line.substring(equals + 1).strip());
  }
}
