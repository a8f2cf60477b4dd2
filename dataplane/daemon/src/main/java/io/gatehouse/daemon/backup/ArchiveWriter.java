// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Writes directories as a row of entries. Follows no link, also where somebody exchanges a
 * directory for one meanwhile. What goes away meanwhile was not there.
 */
final class ArchiveWriter {
  static final byte DIRECTORY = 'D';
  static final byte FILE = 'F';
  static final byte LINK = 'L';
  static final byte END = 'E';

  /**
   * A repository's objects come after what names them, so that none is missing that was written
   * meanwhile.
   */
  private static final Comparator<Path> ORDER =
      Comparator.<Path, Boolean>comparing(path -> path.toString().equals("objects"))
          .thenComparing(Path::toString);

  private final DataOutputStream out;
  private int entries;

  ArchiveWriter(DataOutputStream out) {
    this.out = out;
  }

  /** Writes what a place covers; nothing if it is not there. */
  void write(Place place) throws IOException {
    if (!Files.isDirectory(place.directory())) {
      return;
    }
    try (DirectoryStream<Path> top = Files.newDirectoryStream(place.directory())) {
      writeAll(place, secure(top), place.directory(), "", true);
    }
  }

  /** Writes files of the console, as if they were there. */
  void write(List<HandedFile> handed, Instant time) throws IOException {
    for (HandedFile file : handed) {
      entries++;
      out.writeByte(FILE);
      out.writeUTF(Place.CONSOLE);
      out.writeUTF(file.name());
      out.writeShort(0600);
      out.writeUTF(file.owner());
      out.writeUTF(file.owner());
      out.writeLong(time.toEpochMilli());
      out.writeLong(file.octets().length);
      out.write(file.octets());
    }
  }

  /** Marks the end. */
  void end() throws IOException {
    out.writeByte(END);
    out.writeInt(entries);
    out.flush();
  }

  private void writeAll(
      Place place,
      SecureDirectoryStream<Path> directory,
      Path absolute,
      String archived,
      boolean top)
      throws IOException {
    List<Path> names = new ArrayList<>();
    for (Path entry : directory) {
      Path name = entry.getFileName();
      if (name != null
          && !place.passesOver(name.toString())
          && (!top || place.covers(name.toString()))) {
        names.add(name);
      }
    }
    names.sort(ORDER);
    for (Path name : names) {
      String inside = top ? place.archived(name.toString()) : archived + "/" + name;
      try {
        writeOne(place, directory, absolute.resolve(name.toString()), name, inside);
      } catch (NoSuchFileException e) {
        // Gone since the directory was listed.
      }
    }
  }

  private void writeOne(
      Place place, SecureDirectoryStream<Path> directory, Path absolute, Path name, String inside)
      throws IOException {
    PosixFileAttributes attributes =
        directory
            .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
    if (attributes.isDirectory()) {
      try (SecureDirectoryStream<Path> below =
          directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        head(DIRECTORY, place, inside, attributes);
        writeAll(place, below, absolute, inside, false);
      }
    } else if (attributes.isSymbolicLink()) {
      String target = Files.readSymbolicLink(absolute).toString();
      head(LINK, place, inside, attributes);
      out.writeUTF(target);
    } else if (attributes.isRegularFile()) {
      try (SeekableByteChannel channel =
          directory.newByteChannel(
              name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
        head(FILE, place, inside, attributes);
        copy(channel, inside);
      }
    }
  }

  private void head(byte kind, Place place, String inside, PosixFileAttributes attributes)
      throws IOException {
    entries++;
    out.writeByte(kind);
    out.writeUTF(place.name());
    out.writeUTF(inside);
    out.writeShort(mode(attributes.permissions()));
    out.writeUTF(attributes.owner().getName());
    out.writeUTF(attributes.group().getName());
    out.writeLong(attributes.lastModifiedTime().toMillis());
  }

  /** What the file has now; what is appended meanwhile is not in it. */
  private void copy(SeekableByteChannel channel, String inside) throws IOException {
    long left = channel.size();
    out.writeLong(left);
    byte[] octets = new byte[Seal.PIECE];
    while (left > 0) {
      int read = channel.read(ByteBuffer.wrap(octets, 0, (int) Math.min(octets.length, left)));
      if (read < 0) {
        throw new IOException(inside + " became shorter while it was read: try again");
      }
      out.write(octets, 0, read);
      left -= read;
    }
    Seal.wipe(octets);
  }

  // The constants are declared in the order of the bits.
  @SuppressWarnings("EnumOrdinal")
  private static int mode(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission permission : permissions) {
      // In the order of their bits, from 0400 for the owner to 0001 for others.
      mode |= 0400 >> permission.ordinal();
    }
    return mode;
  }

  @SuppressWarnings("unchecked")
  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) {
    // Every Linux file system has it.
    return (SecureDirectoryStream<Path>) stream;
  }
}
