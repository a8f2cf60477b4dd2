// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.daemon.history.FileDiff;
import io.gatehouse.daemon.tunnels.AtomicFile;
import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.RefusedEdit;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code gatehouse check --fix FILE...}: mends what the checks know how to mend. Each fix changes
 * the lines that it is about and no other; one that would not be read back as meant is not made.
 */
final class FileFix {
  private final PrintStream out;

  FileFix(PrintStream out) {
    this.out = out;
  }

  /**
   * Mends files.
   *
   * @param findings by file
   * @param codes of what to mend; none for all but notes
   * @param dryRun whether only to show what would be changed
   */
  void fix(Map<String, List<Finding>> findings, Collection<String> codes, boolean dryRun)
      throws Failure {
    for (Map.Entry<String, List<Finding>> file : findings.entrySet()) {
      List<Finding> chosen =
          file.getValue().stream()
              .filter(finding -> !finding.fix().isEmpty())
              .filter(
                  finding ->
                      codes.isEmpty()
                          ? finding.severity() != Severity.NOTE
                          : codes.contains(finding.code()))
              .toList();
      if (!chosen.isEmpty()) {
        try {
          fix(file.getKey(), chosen, dryRun);
        } catch (IOException e) {
          throw new Failure(
              "gatehouse: " + file.getKey() + " cannot be mended: " + e,
              "See to its permissions and to those of its directory.");
        }
      }
    }
  }

  private void fix(String name, List<Finding> findings, boolean dryRun) throws IOException {
    Path path = Path.of(name);
    byte[] before = Files.readAllBytes(path);
    WgQuickFile document = WgQuickFile.parse(name, before);
    for (Finding finding : findings) {
      try {
        document = document.edit(finding.fix());
        if (!dryRun) {
          for (FileEdit edit : finding.fix()) {
            out.println("mended: " + name + ": " + edit.text() + " [" + finding.code() + "]");
          }
        }
      } catch (RefusedEdit e) {
        out.println("not mended: " + e.finding());
      }
    }
    byte[] after = document.bytes();
    if (dryRun) {
      out.print(FileDiff.of(name, Optional.of(before), Optional.of(after)));
    } else if (!Arrays.equals(before, after)) {
      if (!Arrays.equals(before, Files.readAllBytes(path))) {
        throw new IOException("somebody has changed it meanwhile");
      }
      AtomicFile.write(path, after);
    }
  }
}
