// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.WgQuickFile.WrittenPrefix;
import java.util.List;

/** Allowed IPs with bits set behind their length: taken, but for more than may have been meant. */
final class HostBits implements Check {
  @Override
  public void look(List<Tunnel> tunnels, HostFacts facts, Report report) {
    for (Tunnel tunnel : tunnels) {
      for (WrittenPrefix written : tunnel.allowedIps) {
        if (written.text().indexOf('/') < 0 || isMasked(written)) {
          continue;
        }
        String masked = written.prefix().toString();
        report.add(
            tunnel,
            FindingCode.HOST_BITS,
            () ->
                FindingCode.HOST_BITS
                    .at(tunnel.file.fileName(), written.line(), written.text(), masked)
                    .withFix(
                        new FileEdit.Replace(
                            FileEdit.peer(written.peer()),
                            Key.ALLOWED_IPS,
                            written.text(),
                            masked)));
      }
    }
  }

  private static boolean isMasked(WrittenPrefix written) {
    // Blanks count nowhere in it.
    return Prefix.parse(written.text().replaceAll("\\s|\0", "")).equals(written.prefix());
  }
}
