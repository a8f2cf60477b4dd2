// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes a small private file whole or not at all, readable by its owner only. */
public final class StateFile {
  private StateFile() {}

  /**
   * Writes it; on return it is on disk.
   *
   * @throws IOException if it cannot be written; what was there is as before
   */
  public static void write(Path file, String text) throws IOException {
    Path directory = file.resolveSibling("").toAbsolutePath();
    Files.createDirectories(directory);
    Path draft =
        Files.createTempFile(
            directory,
            "." + file.getFileName(),
            null,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(draft, text);
      sync(draft, StandardOpenOption.WRITE);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory(file);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** A name is safe only when its directory is. */
  static void syncDirectory(Path file) throws IOException {
    sync(file.resolveSibling("").toAbsolutePath(), StandardOpenOption.READ);
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }
}
