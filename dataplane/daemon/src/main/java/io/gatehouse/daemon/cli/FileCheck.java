// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code gatehouse check FILE...}: says what is wrong with wg-quick files. */
final class FileCheck {
  private FileCheck() {}

  /**
   * The report of {@code --json}.
   *
   * @param good whether no file has an error
   */
  public record Report(boolean good, List<FindingStatus> findings) {
    /** Copies the list. */
    public Report {
      findings = List.copyOf(findings);
    }
  }

  /**
   * Prints the findings.
   *
   * @return whether no file has an error
   */
  static boolean check(List<String> files, boolean json, PrintStream out) {
    List<Finding> all = new ArrayList<>();
    for (String file : files) {
      List<Finding> findings = findings(file);
      all.addAll(findings);
      if (!json) {
        findings.forEach(
            finding ->
                out.println(finding.severity().name().toLowerCase(Locale.ROOT) + ": " + finding));
        if (findings.isEmpty()) {
          out.println(file + ": good");
        }
      }
    }
    boolean good = all.stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
    if (json) {
      out.println(
          RecordCodec.write(new Report(good, all.stream().map(FindingStatus::of).toList())));
    }
    return good;
  }

  private static List<Finding> findings(String file) {
    try (InputStream stream = Files.newInputStream(Path.of(file))) {
      // One octet more than allowed, so that the parser sees that it is too large.
      return WgQuickFile.parse(file, stream.readNBytes(WgQuickFile.LARGEST + 1)).findings();
    } catch (IOException e) {
      return List.of(
          new Finding(
              "UNREADABLE",
              Severity.ERROR,
              file,
              0,
              "",
              "cannot be read (" + e + ")",
              "Check path and permissions"));
    }
  }
}
