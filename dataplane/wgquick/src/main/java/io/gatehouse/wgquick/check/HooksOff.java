// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.TunnelConfig;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Hooks in a file for a machine whose administrator has not switched them on. */
final class HooksOff implements Check {
  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    if (facts.hooksRun()) {
      return;
    }
    for (Tunnel tunnel : tunnels) {
      List<Key> keys =
          Stream.of(Key.PRE_UP, Key.POST_UP, Key.PRE_DOWN, Key.POST_DOWN)
              .filter(key -> !lines(tunnel.config, key).isEmpty())
              .toList();
      if (!keys.isEmpty()) {
        report.add(
            tunnel,
            FindingCode.HOOKS_OFF,
            () ->
                FindingCode.HOOKS_OFF.at(
                    tunnel.file.fileName(),
                    tunnel.line(keys.getFirst()),
                    keys.stream().map(Key::text).collect(Collectors.joining(", "))));
      }
    }
  }

  private static List<String> lines(TunnelConfig config, Key key) {
    return switch (key) {
      case PRE_UP -> config.preUp();
      case POST_UP -> config.postUp();
      case PRE_DOWN -> config.preDown();
      default -> config.postDown();
    };
  }
}
