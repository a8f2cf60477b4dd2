// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.WgQuickFile.WrittenPrefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The same allowed IP in two peers: WireGuard gives it to the last one without a word, and nothing
 * reaches the first any more. The fix takes it from the first, who has not got it anyway.
 */
final class SharedAllowedIps implements Check {
  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    for (Tunnel tunnel : tunnels) {
      Map<Prefix, WrittenPrefix> owners = new HashMap<>();
      for (WrittenPrefix written : tunnel.allowedIps) {
        WrittenPrefix first = owners.put(written.prefix(), written);
        if (first != null && !first.peer().equals(written.peer())) {
          report.add(
              tunnel,
              FindingCode.ALLOWED_IPS_SHARED,
              () ->
                  FindingCode.ALLOWED_IPS_SHARED
                      .at(
                          tunnel.file.fileName(),
                          written.line(),
                          written.prefix().toString(),
                          tunnel.shown(first.peer()),
                          tunnel.shown(written.peer()))
                      .withFix(
                          new FileEdit.Remove(
                              FileEdit.peer(first.peer()), Key.ALLOWED_IPS, first.text())));
        }
      }
    }
  }
}
