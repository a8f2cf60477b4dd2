// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.Prefix;
import java.net.InetAddress;
import java.util.List;

/**
 * No keepalive where the way out leads through NAT: the interface of the default route has private
 * IPv4 addresses only, and the peer is at a public one. The NAT forgets an idle tunnel, and the
 * peer then cannot send first.
 */
final class MissingKeepalive implements Check {
  private static final List<Prefix> PRIVATE =
      List.of(
          Prefix.parse("10.0.0.0/8"),
          Prefix.parse("172.16.0.0/12"),
          Prefix.parse("192.168.0.0/16"),
          Prefix.parse("100.64.0.0/10"),
          Prefix.parse("169.254.0.0/16"),
          Prefix.parse("127.0.0.0/8"));

  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    if (!isBehindNat(facts)) {
      return;
    }
    for (Tunnel tunnel : tunnels) {
      for (PeerConfig peer : tunnel.config.peers()) {
        EndpointAddress endpoint = peer.endpoint().orElse(null);
        if (endpoint != null
            && peer.persistentKeepalive().orElse(0) == 0
            && Endpoints.addresses(endpoint, facts).stream().anyMatch(MissingKeepalive::isPublic)) {
          report.add(
              tunnel,
              FindingCode.KEEPALIVE_MISSING,
              () ->
                  FindingCode.KEEPALIVE_MISSING
                      .at(
                          tunnel.file.fileName(),
                          tunnel.line(peer.publicKey(), Key.PERSISTENT_KEEPALIVE),
                          tunnel.shown(peer.publicKey()))
                      .withFix(
                          new FileEdit.Set(
                              FileEdit.peer(peer.publicKey()), Key.PERSISTENT_KEEPALIVE, "25")));
        }
      }
    }
  }

  private static boolean isBehindNat(HostFacts facts) {
    List<InetAddress> own =
        facts.interfaces().stream()
            .filter(there -> facts.defaultInterfaces().contains(there.name()))
            .flatMap(there -> there.addresses().stream())
            .filter(prefix -> !prefix.isIpv6())
            .map(Prefix::address)
            .toList();
    return !own.isEmpty() && own.stream().noneMatch(MissingKeepalive::isPublic);
  }

  private static boolean isPublic(InetAddress address) {
    if (address.getAddress().length != 4) {
      return false;
    }
    Prefix host = new Prefix(address, 32);
    return PRIVATE.stream().noneMatch(prefix -> prefix.contains(host));
  }
}
