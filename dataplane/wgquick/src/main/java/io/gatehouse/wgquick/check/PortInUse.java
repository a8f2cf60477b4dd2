// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A listen port that another program or tunnel has. */
final class PortInUse implements Check {
  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    Map<Integer, Tunnel> before = new HashMap<>();
    for (Tunnel tunnel : tunnels) {
      int port = tunnel.config.listenPort().orElse(0);
      if (port == 0) {
        continue;
      }
      Tunnel other = before.putIfAbsent(port, tunnel);
      if (other != null) {
        add(tunnel, port, "tunnel " + other.name, report);
        continue;
      }
      facts.usedPorts().stream()
          .filter(used -> used.port() == port && !used.tunnel().equals(tunnel.name))
          .findFirst()
          .ifPresent(used -> add(tunnel, port, used.holder(), report));
    }
  }

  private static void add(Tunnel tunnel, int port, String holder, Report report) {
    report.add(
        tunnel,
        FindingCode.PORT_IN_USE,
        () ->
            FindingCode.PORT_IN_USE.at(
                tunnel.file.fileName(),
                tunnel.line(Key.LISTEN_PORT),
                Integer.toString(port),
                holder));
  }
}
