// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.TunnelConfig.Table;
import java.util.ArrayList;
import java.util.List;

/** What a file would bring up, in a line for people. */
final class Outline {
  private Outline() {}

  /**
   * Without a secret.
   *
   * @param hooksRun whether hooks are run
   */
  static String of(TunnelConfig config, boolean hooksRun) {
    List<String> parts = new ArrayList<>();
    config.addresses().forEach(address -> parts.add(address.toString()));
    config.listenPort().ifPresent(port -> parts.add("port " + port));
    int peers = config.peers().size();
    parts.add(peers == 1 ? "1 peer" : peers + " peers");
    List<Prefix> routes =
        config.peers().stream().flatMap(peer -> peer.allowedIps().stream()).distinct().toList();
    if (!(config.table() instanceof Table.Off)) {
      long defaults = routes.stream().filter(prefix -> prefix.length() == 0).count();
      if (defaults > 0) {
        parts.add("the default route");
      }
      if (routes.size() > defaults) {
        parts.add(count(routes.size() - defaults, "route"));
      }
    }
    if (!config.dns().isEmpty()) {
      parts.add("DNS " + String.join(" ", config.dns()));
    }
    int hooks =
        config.preUp().size()
            + config.postUp().size()
            + config.preDown().size()
            + config.postDown().size();
    if (hooks > 0) {
      parts.add(count(hooks, "hook") + (hooksRun ? "" : " that would not be run"));
    }
    return String.join(", ", parts);
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
