// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is in the tunnel directory. The truth is the scan: every look lists the directory.
 *
 * <p>A file counts when two looks a while apart have found it the same, so that one that is being
 * written is not taken half-way; the same goes for a file that is missing. Names that do not end in
 * {@code .conf} or start with a dot are none of ours. One thread.
 */
final class TunnelDirectory {
  /** How long a file must stay the same, in nanoseconds. */
  static final long SETTLE_NANOS = 100_000_000;

  private static final Set<String> RESERVED = Set.of("lo", "all", "default");

  /** What tells two states of a file apart without reading it; {@link #ABSENT} is a state too. */
  private record Signature(Map<String, Object> attributes) {
    static final Signature ABSENT = new Signature(Map.of());
  }

  private static final class Entry {
    Signature signature = Signature.ABSENT;
    long since;
    boolean settled;
  }

  /**
   * The result of a look.
   *
   * @param files by file name, as they were last found settled
   * @param unsettled whether to look again after {@link #SETTLE_NANOS}
   */
  record Look(SortedMap<String, DroppedFile> files, boolean unsettled) {}

  private final Path directory;
  private final Map<String, Entry> entries = new HashMap<>();
  private final SortedMap<String, DroppedFile> settled = new TreeMap<>();

  TunnelDirectory(Path directory) {
    this.directory = directory;
  }

  Path path() {
    return directory;
  }

  /**
   * Looks at every file.
   *
   * @param now of the monotonic clock, in nanoseconds
   * @throws IOException if the directory itself cannot be listed; then nothing is known to be gone
   */
  Look look(long now) throws IOException {
    Map<String, Signature> found = list();
    Set<String> names = new HashSet<>(entries.keySet());
    names.addAll(found.keySet());
    boolean unsettled = false;
    for (String name : names) {
      Signature signature = found.getOrDefault(name, Signature.ABSENT);
      Entry entry = entries.computeIfAbsent(name, n -> new Entry());
      if (!entry.signature.equals(signature)) {
        entry.signature = signature;
        entry.since = now;
        entry.settled = false;
      } else if (!entry.settled && now - entry.since >= SETTLE_NANOS) {
        entry.settled = true;
        settle(name, signature);
      }
      unsettled |= !entry.settled;
    }
    return new Look(Collections.unmodifiableSortedMap(new TreeMap<>(settled)), unsettled);
  }

  /** Reads a file now, because it was just written by ourselves. */
  DroppedFile readNow(String name, long now) throws IOException {
    Entry entry = entries.computeIfAbsent(name, n -> new Entry());
    entry.signature = signature(directory.resolve(name));
    entry.since = now;
    entry.settled = true;
    settle(name, entry.signature);
    return settled.getOrDefault(name, DroppedFile.refused(TunnelFinding.NO_SUCH_TUNNEL.of(name)));
  }

  /** What is there now, settled or not. Changes nothing of what is known. */
  SortedMap<String, DroppedFile> read() throws IOException {
    SortedMap<String, DroppedFile> files = new TreeMap<>();
    for (String name : list().keySet()) {
      files.put(name, read(name));
    }
    return files;
  }

  /** Files as they would be found if they were there, by name. */
  static SortedMap<String, DroppedFile> asIfRead(List<WgQuickFile> documents) {
    SortedMap<String, DroppedFile> files = new TreeMap<>();
    for (WgQuickFile document : documents) {
      String name = document.fileName();
      files.put(
          name,
          badName(name)
              .map(DroppedFile::refused)
              .orElseGet(() -> new DroppedFile(Optional.of(document), document.findings())));
    }
    return files;
  }

  private static Optional<Finding> badName(String name) {
    boolean hasSuffix = name.endsWith(InterfaceName.SUFFIX);
    String stem = hasSuffix ? name.substring(0, name.length() - InterfaceName.SUFFIX.length()) : "";
    if (stem.startsWith("-") || !InterfaceName.isLegal(stem)) {
      return Optional.of(TunnelFinding.FILE_NAME.of(printable(name)));
    }
    return isReserved(name) ? Optional.of(TunnelFinding.NAME_RESERVED.of(name)) : Optional.empty();
  }

  /** Whether a name is one that no tunnel can have. */
  static boolean isReserved(String name) {
    return RESERVED.contains(name.substring(0, name.length() - InterfaceName.SUFFIX.length()));
  }

  private void settle(String name, Signature signature) {
    if (signature.equals(Signature.ABSENT)) {
      entries.remove(name);
      settled.remove(name);
    } else {
      settled.put(name, read(name));
    }
  }

  /** What a file is now, settled or not. Changes nothing of what is known. */
  DroppedFile read(String name) {
    return badName(name)
        .map(DroppedFile::refused)
        .orElseGet(() -> DroppedFile.read(directory.resolve(name)));
  }

  private Map<String, Signature> list() throws IOException {
    Map<String, Signature> found = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.endsWith(InterfaceName.SUFFIX) && !name.startsWith(".")) {
          Signature signature = signature(file);
          if (!signature.equals(Signature.ABSENT)) {
            found.put(name, signature);
          }
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private static Signature signature(Path file) throws IOException {
    try {
      return new Signature(
          Files.readAttributes(file, "unix:dev,ino,mode,uid,size,lastModifiedTime,ctime"));
    } catch (NoSuchFileException e) {
      return Signature.ABSENT;
    } catch (IOException e) {
      // Such as a loop of links: it is there, and reading it will say what is wrong.
      return new Signature(Map.of("unreadable", true));
    }
  }

  static String printable(String name) {
    StringBuilder shown = new StringBuilder();
    name.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return shown.toString();
  }
}
