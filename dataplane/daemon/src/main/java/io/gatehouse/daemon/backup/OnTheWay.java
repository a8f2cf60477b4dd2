// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Backups that come or go in parts, encrypted as they are: one of each, in a folder of the state
 * directory. For one thread at a time.
 */
public final class OnTheWay {
  /** Most octets of one that comes. */
  public static final long LARGEST = 256L << 20;

  private static final int ID = 16;

  private final Path directory;
  private Optional<Parcel> leaving = Optional.empty();
  private Optional<Parcel> arriving = Optional.empty();

  /**
   * A backup.
   *
   * @param id that nobody guesses
   * @param file in which it is or will be
   */
  public record Parcel(String id, Path file) {}

  /**
   * With nothing on the way; what an earlier process has left is taken away.
   *
   * @param state the state directory, which must be there
   */
  public OnTheWay(Path state) throws IOException {
    this.directory = state.resolve(Place.ON_THE_WAY);
    clear();
  }

  /** A place for one that goes; the one before is gone. */
  public Parcel out() throws IOException {
    take(leaving);
    Parcel parcel = fresh();
    leaving = Optional.of(parcel);
    return parcel;
  }

  /** A place for one that comes; the one before is gone. */
  public Parcel in() throws IOException {
    take(arriving);
    Parcel parcel = fresh();
    Files.createFile(
        parcel.file(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    arriving = Optional.of(parcel);
    return parcel;
  }

  /**
   * Octets of the one that goes.
   *
   * @return none behind the end; empty if it is not there
   */
  public Optional<byte[]> read(String id, long offset, int most) throws IOException {
    Optional<Parcel> parcel = leaving.filter(one -> one.id().equals(id));
    if (parcel.isEmpty() || offset < 0 || !Files.exists(parcel.get().file())) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(parcel.get().file(), StandardOpenOption.READ)) {
      ByteBuffer octets = ByteBuffer.allocate((int) Math.min(most, left(channel, offset)));
      while (octets.hasRemaining() && channel.read(octets, offset + octets.position()) >= 0) {
        // Goes on until all of it is there.
      }
      return Optional.of(octets.array());
    }
  }

  private static long left(FileChannel channel, long offset) throws IOException {
    return Math.max(0, channel.size() - offset);
  }

  /**
   * Puts octets behind the one that comes.
   *
   * @return how many there are now; empty if that would be too many
   */
  public Optional<Long> append(String id, byte[] octets) throws IOException {
    try (FileChannel channel = FileChannel.open(file(id), StandardOpenOption.APPEND)) {
      if (channel.size() + octets.length > LARGEST) {
        return Optional.empty();
      }
      ByteBuffer buffer = ByteBuffer.wrap(octets);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      return Optional.of(channel.size());
    }
  }

  /** The one that came. */
  public Path file(String id) throws IOException {
    return arriving
        .filter(one -> one.id().equals(id))
        .orElseThrow(() -> new IOException("no backup of that name is here"))
        .file();
  }

  /** Takes one away, if it is still there. */
  public void end(Parcel parcel) {
    take(Optional.of(parcel));
  }

  private Parcel fresh() throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    byte[] id = new byte[ID];
    new SecureRandom().nextBytes(id);
    String name = HexFormat.of().formatHex(id);
    return new Parcel(name, directory.resolve(name));
  }

  private static void take(Optional<Parcel> parcel) {
    parcel.ifPresent(
        one -> {
          try {
            Files.deleteIfExists(one.file());
          } catch (IOException e) {
            // It is encrypted, and the next process takes it away.
          }
        });
  }

  private void clear() throws IOException {
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
    }
  }
}
