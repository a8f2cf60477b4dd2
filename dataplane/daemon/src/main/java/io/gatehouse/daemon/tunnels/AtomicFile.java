// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Replaces files whole: readers see the old content or the new one, also after a power cut. What a
 * process that was killed has left half-written is removed by {@link #sweep}.
 */
public final class AtomicFile {
  /** What strerror(3) says of EROFS. */
  private static final String READ_ONLY = "Read-only file system";

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** Stands in the names of temporary files, so that nobody else's is taken for one. */
  private static final String MARK = ".gatehouse-";

  private static final Pattern TEMPORARY = Pattern.compile("\\.(.+)\\.gatehouse-[0-9]+");

  private static final Logger LOG = System.getLogger(AtomicFile.class.getName());

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
    Path temporary = temporary(directory, "." + real.getFileName() + MARK);
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

  /**
   * Removes what processes that were killed while they wrote into a directory have left, also
   * beside the files to which links there lead. Nobody may write into it meanwhile. What resists is
   * said, and does no harm.
   */
  static void sweep(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (TEMPORARY.matcher(file.getFileName().toString()).matches()) {
          Files.deleteIfExists(file);
        } else if (Files.isSymbolicLink(file) && Files.exists(file)) {
          sweepBeside(file.toRealPath());
        }
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, directory + " has files that were left half-written: " + e);
    }
  }

  private static void sweepBeside(Path real) throws IOException {
    Path directory = real.getParent();
    if (directory != null) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Matcher left = TEMPORARY.matcher(file.getFileName().toString());
          if (left.matches() && real.endsWith(left.group(1))) {
            Files.deleteIfExists(file);
          }
        }
      }
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
