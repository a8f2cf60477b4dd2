// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.SecretKey;
import java.util.ArrayList;
import java.util.List;

/** The same private key in two tunnels. Peers twice in one file are found by the reader. */
final class SharedPrivateKeys implements Check {
  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    List<Tunnel> before = new ArrayList<>();
    for (Tunnel tunnel : tunnels) {
      SecretKey key = tunnel.config.privateKey().filter(k -> !k.isZero()).orElse(null);
      if (key == null) {
        continue;
      }
      // Secrets have no hash code to look them up by; there are few tunnels.
      before.stream()
          .filter(other -> other.config.privateKey().filter(key::equals).isPresent())
          .findFirst()
          .ifPresent(
              other ->
                  report.add(
                      tunnel,
                      FindingCode.PRIVATE_KEY_SHARED,
                      () ->
                          FindingCode.PRIVATE_KEY_SHARED.at(
                              tunnel.file.fileName(),
                              tunnel.line(Key.PRIVATE_KEY),
                              "",
                              other.name)));
      before.add(tunnel);
    }
  }
}
