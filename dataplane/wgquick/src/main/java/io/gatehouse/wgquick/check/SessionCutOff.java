// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.WgQuickFile.WrittenPrefix;
import java.util.List;

/**
 * Allowed IPs whose route takes the answers to whoever administers this machine now. A session that
 * comes by the tunnel itself is not cut off, nor is one from a network that the machine is in by a
 * more specific route.
 */
final class SessionCutOff implements Check {
  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    if (facts.sessions().isEmpty()) {
      return;
    }
    for (Tunnel tunnel : tunnels) {
      if (!tunnel.hasMainRoutes()) {
        continue;
      }
      PrefixTable<WrittenPrefix> routes = new PrefixTable<>();
      tunnel.allowedIps.forEach(written -> routes.put(written.prefix(), written));
      PrefixTable<String> networks = Networks.around(tunnel, facts);
      for (HostFacts.Session session : facts.sessions()) {
        if (session.interfaceName().equals(tunnel.name) || session.remote().isLoopbackAddress()) {
          continue;
        }
        routes
            .longest(session.remote())
            .filter(match -> match.prefix().length() > Networks.length(networks, session.remote()))
            .ifPresent(match -> report(tunnel, session, match.value(), report));
      }
    }
  }

  private static void report(
      Tunnel tunnel, HostFacts.Session session, WrittenPrefix route, Report report) {
    Prefix prefix = route.prefix();
    report.add(
        tunnel,
        FindingCode.SESSION_CUT_OFF,
        () ->
            FindingCode.SESSION_CUT_OFF.at(
                tunnel.file.fileName(),
                route.line(),
                prefix.toString(),
                session.what() + " from " + IpLiteral.format(session.remote())));
  }
}
