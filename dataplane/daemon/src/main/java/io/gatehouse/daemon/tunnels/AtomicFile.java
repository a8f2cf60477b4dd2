// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Replaces files whole: readers see the old content or the new one, also after a power cut. */
public final class AtomicFile {
  /** What strerror(3) says of EROFS. */
  private static final String READ_ONLY = "Read-only file system";

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private AtomicFile() {}

  /**
   * Writes a temporary file beside the target, flushes it, renames it and flushes the directory.
   * Keeps owner and permissions of a file that is there; a new one is for its owner alone. Where
   * the name is a link, the file it points to is replaced.
   */
  public static void write(Path target, byte[] bytes) throws IOException {
    Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    Path directory = real.getParent();
    if (directory == null) {
      throw new IOException(target + " is no file");
    }
    Path temporary = temporary(directory, "." + real.getFileName() + ".");
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        if (Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
          keepOwnerAndMode(real, temporary);
        }
        channel.force(true);
      }
      Files.move(temporary, real, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    flushDirectory(real);
  }

  private static Path temporary(Path directory, String prefix) throws IOException {
    try {
      return Files.createTempFile(directory, prefix, "", OWNER_ONLY);
    } catch (FileSystemException e) {
      if (READ_ONLY.equals(e.getReason())) {
        throw new IOException("the directory is mounted read-only, " + directory, e);
      }
      throw e;
    }
  }

  /** Makes what happened to a file's name outlast a power cut. */
  static void flushDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void keepOwnerAndMode(Path from, Path to) throws IOException {
    for (String attribute : new String[] {"unix:uid", "unix:gid"}) {
      Object owner = Files.getAttribute(from, attribute);
      if (!owner.equals(Files.getAttribute(to, attribute))) {
        Files.setAttribute(to, attribute, owner);
      }
    }
    Files.setAttribute(to, "unix:mode", (Integer) Files.getAttribute(from, "unix:mode") & 0777);
  }
}
