// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.daemon.control.Caller;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Set;

/**
 * Who has had keys in clear, and who was not given them: one line of JSON each, written to the disk
 * before the answer goes out. Holds no key. Bounded: a full file becomes {@code exports.log.1}.
 * Thread-safe.
 */
final class ExportLog {
  private static final long LARGEST = 1 << 20;

  private final Path file;
  private final InstantSource clock;

  /**
   * In a directory.
   *
   * @param directory the state directory, which must be there
   */
  ExportLog(Path directory, InstantSource clock) {
    this.file = directory.resolve("exports.log");
    this.clock = clock;
  }

  /**
   * Writes a call down.
   *
   * @throws IOException if it could not be; then nothing may be given out
   */
  synchronized void record(String name, Caller caller, ChangeOrigin origin, boolean granted)
      throws IOException {
    String line =
        Json.createObjectBuilder()
                .add("time", clock.instant().toString())
                .add("file", name)
                .add("granted", granted)
                .add("user", caller.user())
                .add("source", origin.source().words())
                .add("author", origin.author())
                .add("message", origin.message())
                .build()
            + "\n";
    if (Files.exists(file) && Files.size(file) >= LARGEST) {
      Files.move(file, file.resolveSibling("exports.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer octets = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (octets.hasRemaining()) {
        channel.write(octets);
      }
      channel.force(true);
    }
  }
}
