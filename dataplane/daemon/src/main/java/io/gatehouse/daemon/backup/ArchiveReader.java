// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Makes files in the stages of places from what {@link ArchiveWriter} wrote. */
final class ArchiveReader {
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final DataInputStream in;
  private final Map<String, Place> places;
  private final Trust trust;
  private final Set<Path> directories = new HashSet<>();
  private final Set<String> unknownOwners = new TreeSet<>();
  private final Set<String> left = new TreeSet<>();
  private final List<Made> made = new ArrayList<>();
  private int entries;

  /** A directory as it is to be, once nothing more is put into it. */
  private record Made(
      Path directory,
      Set<PosixFilePermission> permissions,
      String owner,
      String group,
      FileTime time) {}

  /** How far whoever brings the backup is trusted. */
  enum Trust {
    /** Root: links and owners are made as they were. */
    WITH_OWNERS,
    /** Root's equal without root's rights: all is this process's own. */
    WITHOUT_OWNERS,
    /** Anybody: no link, which could lead anywhere, and nothing that others could read or write. */
    NONE
  }

  /**
   * Reads from behind the manifest.
   *
   * @param places by name, their stages empty
   */
  ArchiveReader(DataInputStream in, Map<String, Place> places, Trust trust) {
    this.in = in;
    this.places = places;
    this.trust = trust;
    places.values().forEach(place -> directories.add(place.arriving()));
  }

  /** Owners that this machine does not know; what was theirs belongs to this user. */
  Set<String> unknownOwners() {
    return unknownOwners;
  }

  /** Places of the backup, and what is at the top of others, that are not taken. */
  Set<String> left() {
    return left;
  }

  /**
   * Reads to the end.
   *
   * @return how many entries there were
   * @throws BackupException if it is none of ours
   */
  int readAll() throws IOException, BackupException {
    try {
      for (byte kind = in.readByte(); kind != ArchiveWriter.END; kind = in.readByte()) {
        readOne(kind);
        entries++;
      }
      if (in.readInt() != entries || in.read() >= 0) {
        throw strange();
      }
    } catch (EOFException e) {
      throw strange();
    }
    for (Made directory : made.reversed()) {
      own(directory.directory(), directory.permissions(), directory.owner(), directory.group());
      Files.setLastModifiedTime(directory.directory(), directory.time());
    }
    return entries;
  }

  private void readOne(byte kind) throws IOException, BackupException {
    String name = in.readUTF();
    String inside = in.readUTF();
    Set<PosixFilePermission> permissions = permissions(in.readShort());
    String owner = in.readUTF();
    String group = in.readUTF();
    FileTime time = FileTime.fromMillis(in.readLong());
    String top = inside.split("/", -1)[0];
    Place place = places.get(name);
    if (place == null) {
      left.add(name);
    } else if (!place.covers(place.here(top))) {
      left.add(name + "/" + top);
      place = null;
    }
    Path target = place == null ? Path.of("") : target(place, inside);
    switch (kind) {
      case ArchiveWriter.DIRECTORY -> {
        if (place != null) {
          Files.createDirectory(target, ownerOnly("rwx------"));
          directories.add(target);
          made.add(new Made(target, permissions, owner, group, time));
        }
      }
      case ArchiveWriter.FILE -> {
        long length = in.readLong();
        if (place == null) {
          in.skipNBytes(length);
        } else {
          copy(target, length);
          own(target, permissions, owner, group);
          Files.setLastModifiedTime(target, time);
        }
      }
      case ArchiveWriter.LINK -> {
        String text = in.readUTF();
        if (place != null && trust == Trust.NONE) {
          throw new BackupException(
              name
                  + "/"
                  + inside
                  + " is a link, which only root may restore: gatehouse restore. Nothing was"
                  + " changed.");
        }
        if (place != null) {
          Files.createSymbolicLink(target, Path.of(text));
        }
      }
      default -> throw strange();
    }
  }

  /** Inside the stage, in a directory that was made there before: never through a link. */
  private Path target(Place place, String inside) throws BackupException {
    Path below = place.arriving();
    String[] names = inside.split("/", -1);
    for (int i = 0; i < names.length; i++) {
      String name = i == 0 ? place.here(names[i]) : names[i];
      if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
        throw strange();
      }
      if (!directories.contains(below)) {
        throw strange();
      }
      below = below.resolve(name);
    }
    return below;
  }

  private void copy(Path target, long length) throws IOException {
    byte[] octets = new byte[Seal.PIECE];
    try (FileChannel channel =
        FileChannel.open(
            target,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            ownerOnly("rw-------"))) {
      long missing = length;
      while (missing > 0) {
        int read = in.read(octets, 0, (int) Math.min(octets.length, missing));
        if (read < 0) {
          throw new EOFException();
        }
        ByteBuffer buffer = ByteBuffer.wrap(octets, 0, read);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        missing -= read;
      }
      channel.force(true);
    }
    Seal.wipe(octets);
  }

  private void own(Path target, Set<PosixFilePermission> permissions, String owner, String group)
      throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(target, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (trust == Trust.WITH_OWNERS) {
      UserPrincipalLookupService names = target.getFileSystem().getUserPrincipalLookupService();
      try {
        view.setGroup(names.lookupPrincipalByGroupName(group));
        view.setOwner(names.lookupPrincipalByName(owner));
      } catch (UserPrincipalNotFoundException e) {
        unknownOwners.add(e.getName());
      }
    }
    if (trust == Trust.NONE) {
      permissions.removeAll(OF_OTHERS);
    }
    view.setPermissions(permissions);
  }

  // The constants are declared in the order of the bits.
  @SuppressWarnings("EnumOrdinal")
  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      if ((mode & 0400 >> permission.ordinal()) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }

  private static java.nio.file.attribute.FileAttribute<?> ownerOnly(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  private static BackupException strange() {
    return new BackupException(
        "the backup opens, but what is in it is not laid out as Gatehouse does it. Nothing was"
            + " changed; take another file.");
  }
}
