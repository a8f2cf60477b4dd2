// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What makes a directory as it was: files to write and files to remove.
 *
 * @param written by name
 * @param removed names
 */
record RestoredFiles(SortedMap<String, WgQuickFile> written, SortedSet<String> removed) {
  /**
   * Only what differs.
   *
   * @param target as it is to be
   * @param whole whether files that are not in the target go; those with an error stay in any case,
   *     because no revision has them
   * @param there as it is
   */
  static RestoredFiles of(
      Map<String, WgQuickFile> target, boolean whole, Map<String, DroppedFile> there) {
    SortedMap<String, WgQuickFile> written = new TreeMap<>();
    target.forEach(
        (name, document) -> {
          Optional<WgQuickFile> now =
              Optional.ofNullable(there.get(name)).flatMap(DroppedFile::document);
          if (now.isEmpty() || !DroppedFile.same(now.get(), document)) {
            written.put(name, document);
          }
        });
    SortedSet<String> removed = new TreeSet<>();
    if (whole) {
      there.forEach(
          (name, file) -> {
            if (!target.containsKey(name)
                && file.document().flatMap(WgQuickFile::config).isPresent()) {
              removed.add(name);
            }
          });
    }
    return new RestoredFiles(written, removed);
  }

  /** All of them, sorted. */
  SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(written.keySet());
    names.addAll(removed);
    return names;
  }

  /**
   * Does it. Where one file cannot be written, those before are put back.
   *
   * @throws IOException then
   */
  void carryOut(Path directory) throws IOException {
    Deque<Undo> undo = new ArrayDeque<>();
    try {
      for (Map.Entry<String, WgQuickFile> file : written.entrySet()) {
        Path path = directory.resolve(file.getKey());
        undo.push(Undo.of(path));
        AtomicFile.write(path, file.getValue().bytes());
      }
      for (String name : removed) {
        Path path = directory.resolve(name);
        undo.push(Undo.of(path));
        Files.delete(path);
        AtomicFile.flushDirectory(path);
      }
    } catch (IOException e) {
      for (Undo step : undo) {
        try {
          step.run();
        } catch (IOException more) {
          e.addSuppressed(more);
        }
      }
      throw e;
    }
  }

  private record Undo(Path path, Optional<byte[]> before) {
    static Undo of(Path path) throws IOException {
      return new Undo(
          path,
          Files.isRegularFile(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty());
    }

    void run() throws IOException {
      if (before.isPresent()) {
        AtomicFile.write(path, before.get());
      } else if (Files.isRegularFile(path)) {
        Files.delete(path);
      }
    }
  }
}
