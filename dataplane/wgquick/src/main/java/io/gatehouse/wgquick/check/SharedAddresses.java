// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.WgQuickFile.WrittenPrefix;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The same address on two interfaces of a machine, or on an interface and one of its peers.
 * Link-local addresses are of one link each, so that all may have the same.
 */
final class SharedAddresses implements Check {
  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    Set<String> names = new HashSet<>();
    tunnels.forEach(tunnel -> names.add(tunnel.name));
    Map<InetAddress, String> holders = new HashMap<>();
    for (HostFacts.HostInterface there : facts.interfaces()) {
      if (!names.contains(there.name())) {
        there
            .addresses()
            .forEach(prefix -> holders.put(prefix.address(), "interface " + there.name()));
      }
    }
    for (Tunnel tunnel : tunnels) {
      for (Prefix address : tunnel.config.addresses()) {
        String holder = holders.get(address.address());
        if (holder != null && !address.address().isLinkLocalAddress()) {
          report.add(
              tunnel,
              FindingCode.ADDRESS_SHARED,
              () ->
                  FindingCode.ADDRESS_SHARED.at(
                      tunnel.file.fileName(),
                      tunnel.line(Key.ADDRESS, address.toString()),
                      address.toString(),
                      holder));
        }
      }
      // One's own address is no other's, even with two lengths.
      tunnel
          .config
          .addresses()
          .forEach(prefix -> holders.putIfAbsent(prefix.address(), "tunnel " + tunnel.name));
      withPeers(tunnel, report);
    }
  }

  private static void withPeers(Tunnel tunnel, Report report) {
    Set<InetAddress> own = new HashSet<>();
    tunnel.config.addresses().forEach(prefix -> own.add(prefix.address()));
    for (WrittenPrefix written : tunnel.allowedIps) {
      Prefix prefix = written.prefix();
      boolean single = prefix.length() == (prefix.isIpv6() ? 128 : 32);
      if (single && own.contains(prefix.address())) {
        report.add(
            tunnel,
            FindingCode.ADDRESS_OF_PEER,
            () ->
                FindingCode.ADDRESS_OF_PEER.at(
                    tunnel.file.fileName(),
                    written.line(),
                    prefix.toString(),
                    tunnel.shown(written.peer())));
      }
    }
  }
}
