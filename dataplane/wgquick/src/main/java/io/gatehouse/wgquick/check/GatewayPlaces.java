// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Forwarding;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.IpProtocol;
import io.gatehouse.wgquick.Masquerade;
import io.gatehouse.wgquick.OwnKey;
import io.gatehouse.wgquick.PortForward;
import io.gatehouse.wgquick.Prefix;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Masquerade, forwarding and port forwards that lead nowhere, or take the tunnel's own packets. */
final class GatewayPlaces implements Check {
  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    Set<String> there = new HashSet<>();
    facts.interfaces().forEach(each -> there.add(each.name()));
    boolean known = !there.isEmpty();
    tunnels.forEach(tunnel -> there.add(tunnel.name));
    for (Tunnel tunnel : tunnels) {
      if (known) {
        interfaces(tunnel, there, report);
      }
      for (PortForward forward : tunnel.config.own().get(OwnKey.PORT_FORWARD).orElse(List.of())) {
        portForward(tunnel, forward, report);
      }
    }
  }

  private static void interfaces(Tunnel tunnel, Set<String> there, Report report) {
    for (Masquerade masquerade : tunnel.config.own().get(OwnKey.MASQUERADE).orElse(List.of())) {
      String name = masquerade.out().value();
      if (!there.contains(name)) {
        add(tunnel, FindingCode.NO_SUCH_INTERFACE, OwnKey.MASQUERADE, name, report);
      }
    }
    tunnel
        .config
        .own()
        .get(OwnKey.FORWARDING)
        .map(Forwarding::interfaces)
        .orElse(List.of())
        .stream()
        .filter(name -> !there.contains(name.value()))
        .forEach(
            name ->
                add(
                    tunnel,
                    FindingCode.NO_SUCH_INTERFACE,
                    OwnKey.FORWARDING,
                    name.value(),
                    report));
  }

  private static void portForward(Tunnel tunnel, PortForward forward, Report report) {
    int port = tunnel.config.listenPort().orElse(0);
    if (forward.protocol() == IpProtocol.UDP
        && forward.ports().first() <= port
        && port <= forward.ports().last()) {
      add(tunnel, FindingCode.PORT_FORWARD_OWN, OwnKey.PORT_FORWARD, forward.toString(), report);
    }
    Prefix target = Prefix.parse(IpLiteral.format(forward.target()));
    boolean reached =
        tunnel.config.peers().stream()
            .flatMap(peer -> peer.allowedIps().stream())
            .anyMatch(prefix -> prefix.contains(target));
    if (!reached) {
      add(tunnel, FindingCode.PORT_FORWARD_TARGET, OwnKey.PORT_FORWARD, forward.toString(), report);
    }
  }

  private static void add(
      Tunnel tunnel, FindingCode code, OwnKey<?> key, String value, Report report) {
    report.add(tunnel, code, () -> at(tunnel, code, key, value));
  }

  private static Finding at(Tunnel tunnel, FindingCode code, OwnKey<?> key, String value) {
    return code.at(tunnel.file.fileName(), tunnel.file.lineOf(FileEdit.INTERFACE, key), value, key);
  }
}
