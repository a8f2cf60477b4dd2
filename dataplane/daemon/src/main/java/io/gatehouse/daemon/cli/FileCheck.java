// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.CheckReport;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.Checks;
import io.gatehouse.wgquick.check.HostFacts;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code gatehouse check FILE...}: says what is wrong with wg-quick files, each by itself, with
 * each other, and on this machine.
 */
final class FileCheck {
  private FileCheck() {}

  /**
   * The machine that the files are for.
   *
   * @param tunnels the directory of its tunnels, with which the files are compared
   */
  record Host(ThisMachine machine, Path tunnels) {}

  /**
   * Prints the findings.
   *
   * @param host empty to look at the files alone
   * @return whether no file has an error
   */
  static boolean check(List<String> files, boolean json, PrintStream out, Optional<Host> host) {
    Map<String, List<Finding>> findings = findings(files, host);
    if (!json) {
      findings.forEach(
          (file, about) -> {
            about.forEach(
                finding ->
                    out.println(
                        finding.severity().name().toLowerCase(Locale.ROOT) + ": " + finding));
            if (about.isEmpty()) {
              out.println(file + ": good");
            }
          });
    }
    List<Finding> all = findings.values().stream().flatMap(List::stream).toList();
    boolean good = all.stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
    if (json) {
      out.println(
          RecordCodec.write(new CheckReport(good, all.stream().map(FindingStatus::of).toList())));
    }
    return good;
  }

  /** By file, in the order of the words. */
  static Map<String, List<Finding>> findings(List<String> files, Optional<Host> host) {
    Map<String, List<Finding>> findings = new LinkedHashMap<>();
    List<WgQuickFile> documents = new ArrayList<>();
    for (String file : files.stream().distinct().toList()) {
      List<Finding> about = new ArrayList<>();
      findings.put(file, about);
      try {
        documents.add(read(file));
      } catch (IOException e) {
        about.add(
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
    List<WgQuickFile> others = host.map(h -> others(h.tunnels(), documents)).orElse(List.of());
    HostFacts facts = host.map(h -> h.machine().facts(documents)).orElse(HostFacts.UNKNOWN);
    for (Finding finding : Checks.findings(documents, others, facts)) {
      findings.computeIfAbsent(finding.file(), file -> new ArrayList<>()).add(finding);
    }
    return findings;
  }

  private static WgQuickFile read(String file) throws IOException {
    try (InputStream stream = Files.newInputStream(Path.of(file))) {
      // One octet more than allowed, so that the parser sees that it is too large.
      return WgQuickFile.parse(file, stream.readNBytes(WgQuickFile.LARGEST + 1));
    }
  }

  /** The other tunnels of this machine, as far as this user may read them. */
  private static List<WgQuickFile> others(Path directory, List<WgQuickFile> asked) {
    Set<InterfaceName> names =
        asked.stream()
            .map(WgQuickFile::interfaceName)
            .flatMap(Optional::stream)
            .collect(Collectors.toSet());
    List<WgQuickFile> others = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.conf")) {
      for (Path file : files) {
        Optional<InterfaceName> name = InterfaceName.ofFile(file.toString());
        if (name.filter(n -> !names.contains(n)).isPresent()
            && Files.isRegularFile(file)
            && Files.isReadable(file)) {
          others.add(read(file.toString()));
        }
      }
    } catch (IOException e) {
      // No directory, or not for this user.
    }
    return others;
  }
}
