// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code gatehouse check FILE...}: says what is wrong with wg-quick files. */
final class FileCheck {
  private FileCheck() {}

  /**
   * Prints the findings.
   *
   * @return whether no file has an error
   */
  static boolean check(List<String> files, PrintStream out) {
    boolean good = true;
    for (String file : files) {
      try (InputStream stream = Files.newInputStream(Path.of(file))) {
        // One octet more than allowed, so that the parser sees that it is too large.
        byte[] bytes = stream.readNBytes(WgQuickFile.LARGEST + 1);
        List<Finding> findings = WgQuickFile.parse(file, bytes).findings();
        findings.forEach(
            finding ->
                out.println(
                    finding.severity().name().toLowerCase(java.util.Locale.ROOT) + ": " + finding));
        if (findings.isEmpty()) {
          out.println(file + ": good");
        }
        good &= findings.stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
      } catch (IOException e) {
        out.println("error: " + file + ": cannot be read (" + e + "). Check path and permissions.");
        good = false;
      }
    }
    return good;
  }
}
