// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a tunnel of {@code gatehouse up} leaves beside the control socket while it runs, so that
 * {@code gatehouse down} finds its process.
 *
 * @param process its number
 * @param started when it started, in milliseconds since 1970: numbers are given again
 * @param file that it runs
 */
public record UpMark(long process, long started, Path file) {
  /** The mark of this process. */
  static UpMark ofThisProcess(Path file) {
    ProcessHandle process = ProcessHandle.current();
    return new UpMark(process.pid(), started(process), file);
  }

  /** The mark of a tunnel, if it runs. */
  public static Optional<UpMark> read(Settings settings, InterfaceName name) throws IOException {
    try {
      List<String> lines = Files.readAllLines(path(settings, name));
      if (lines.size() == 3) {
        return Optional.of(
                new UpMark(
                    Long.parseLong(lines.get(0)),
                    Long.parseLong(lines.get(1)),
                    Path.of(lines.get(2))))
            .filter(mark -> mark.handle().isPresent());
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (NumberFormatException e) {
      // Nobody else writes there; what cannot be read is no mark.
    }
    return Optional.empty();
  }

  /** Its process, unless that is gone. */
  public Optional<ProcessHandle> handle() {
    return ProcessHandle.of(process).filter(found -> started(found) == started);
  }

  void write(Settings settings, InterfaceName name) throws IOException {
    Path path = path(settings, name);
    Files.createDirectories(
        path.resolveSibling(""),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.write(path, List.of(Long.toString(process), Long.toString(started), file.toString()));
  }

  static void remove(Settings settings, InterfaceName name) throws IOException {
    Files.deleteIfExists(path(settings, name));
  }

  private static Path path(Settings settings, InterfaceName name) {
    return settings.controlSocket().resolveSibling("up").resolve(name.value());
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
