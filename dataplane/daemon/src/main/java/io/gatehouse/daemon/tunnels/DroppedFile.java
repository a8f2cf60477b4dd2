// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.OpenedFile;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A file of the tunnel directory as it was read.
 *
 * @param document empty when it must not be read, or cannot
 * @param findings about the file, then about its text
 */
record DroppedFile(Optional<WgQuickFile> document, List<Finding> findings) {
  private static final int GROUP_OR_WORLD_WRITE = 022;
  private static final int GROUP_OR_WORLD_READ = 044;
  private static final int ROOT = 0;

  DroppedFile {
    findings = List.copyOf(findings);
  }

  static DroppedFile refused(Finding finding) {
    return new DroppedFile(Optional.empty(), List.of(finding));
  }

  /** Reads a file without ever waiting for it, whatever it turns out to be. */
  static DroppedFile read(Path path) {
    String name = path.getFileName().toString();
    try (OpenedFile file = OpenedFile.open(path)) {
      OpenedFile.Status status = file.status();
      if (!status.isRegular()) {
        return refused(TunnelFinding.NOT_A_FILE.of(name, "a directory, a FIFO or a device"));
      }
      if (status.uid() != ROOT && status.uid() != ownUid()) {
        return refused(TunnelFinding.OWNER.of(name, status.uid()));
      }
      if ((status.mode() & GROUP_OR_WORLD_WRITE) != 0) {
        return refused(TunnelFinding.WRITABLE_BY_OTHERS.of(name));
      }
      if (status.size() > WgQuickFile.LARGEST) {
        return refused(TunnelFinding.TOO_LARGE.of(name));
      }
      WgQuickFile document = WgQuickFile.parse(name, file.read(WgQuickFile.LARGEST + 1));
      if (new String(document.bytes(), StandardCharsets.ISO_8859_1).isBlank()) {
        return refused(TunnelFinding.EMPTY_FILE.of(name));
      }
      List<Finding> findings = new ArrayList<>();
      if ((status.mode() & GROUP_OR_WORLD_READ) != 0) {
        findings.add(TunnelFinding.READABLE_BY_OTHERS.of(name));
      }
      findings.addAll(document.findings());
      return new DroppedFile(Optional.of(document), findings);
    } catch (LinuxException e) {
      // What a socket answers to open(2).
      return refused(
          e.errnoName().equals("ENXIO")
              ? TunnelFinding.NOT_A_FILE.of(name, "a socket")
              : TunnelFinding.UNREADABLE.of(name, e.errnoName()));
    } catch (IOException e) {
      return refused(TunnelFinding.UNREADABLE.of(name, e.toString()));
    }
  }

  /** Whether two documents are the same byte for byte. */
  static boolean same(WgQuickFile one, WgQuickFile other) {
    return one == other || Arrays.equals(one.bytes(), other.bytes());
  }

  private static int ownUid() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }
}
