// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The texts of files that have run or were approved, and whether a directory still waits for its
 * first approval. Outlives restarts: a text file with the directory, perhaps {@code waits SECONDS},
 * and {@code SHA-256 NAME} for each file. Control thread.
 */
final class KnownFiles {
  private static final String WAITS = "waits ";

  private final Path file;
  private final Path directory;
  private final SortedMap<String, String> digests = new TreeMap<>();

  /** Whose digest was worked out already. */
  private final Map<String, WgQuickFile> seen = new HashMap<>();

  private @Nullable Instant waitsSince;
  private boolean first;
  private boolean changed;

  private KnownFiles(Path file, Path directory) {
    this.file = file;
    this.directory = directory;
  }

  /**
   * Reads what was written down. Nothing for this directory means that it is followed for the first
   * time, unless an older release has left its own traces.
   *
   * @param file need not be there; its directory must be
   * @param directory of the tunnels
   * @throws IOException if it cannot be read or has a line that makes no sense: guessing could run
   *     what nobody has approved
   */
  static KnownFiles read(Path file, Path directory) throws IOException {
    KnownFiles known = new KnownFiles(file, directory);
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      String[] lines = text.split("\n", -1);
      if (!lines[0].equals(directory.toString())) {
        known.begin();
        return known;
      }
      for (String line : Arrays.asList(lines).subList(1, lines.length)) {
        known.read(line);
      }
    } catch (NoSuchFileException e) {
      if (Files.exists(file.resolveSibling("peer-numbers"))) {
        known.changed = true;
      } else {
        known.begin();
      }
    }
    return known;
  }

  private void read(String line) throws IOException {
    int blank = line.indexOf(' ');
    try {
      if (line.startsWith(WAITS)) {
        waitsSince = Instant.ofEpochSecond(Long.parseLong(line.substring(WAITS.length())));
      } else if (blank > 0) {
        digests.put(line.substring(blank + 1), line.substring(0, blank));
      } else if (!line.isEmpty()) {
        throw new IllegalArgumentException("neither SHA-256 NAME nor waits SECONDS");
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(
          file + " has a line that makes no sense. Correct it, or remove the file", e);
    }
  }

  private void begin() {
    first = true;
    changed = true;
  }

  /** Whether the directory is followed for the first time, and has files already. */
  boolean isFirst() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.conf")) {
      return first && files.iterator().hasNext();
    }
  }

  /** Since when files wait to be approved, if they do. */
  Optional<Instant> waitsSince() {
    return Optional.ofNullable(waitsSince);
  }

  /** Lets files wait from now on. */
  void await(Instant now) {
    waitsSince = Instant.ofEpochSecond(now.getEpochSecond());
    changed = true;
  }

  /** Nothing waits any more. */
  void goOn() {
    if (waitsSince != null) {
      waitsSince = null;
      changed = true;
    }
  }

  /** Whether a file of that name has run or was approved. */
  boolean has(String name) {
    return digests.containsKey(name);
  }

  /** Whether just this text has run or was approved. */
  boolean has(String name, WgQuickFile document) {
    String digest = digests.get(name);
    return digest != null && (document.equals(seen.get(name)) || digest.equals(digest(document)));
  }

  /** This text runs, or may. */
  void put(String name, WgQuickFile document) {
    if (document.equals(seen.get(name))) {
      return;
    }
    String digest = digest(document);
    seen.put(name, document);
    if (!digest.equals(digests.put(name, digest))) {
      changed = true;
    }
  }

  /** The file is gone. */
  void remove(String name) {
    seen.remove(name);
    if (digests.remove(name) != null) {
      changed = true;
    }
  }

  /** Writes down what has changed, if something has. */
  void write() throws IOException {
    if (!changed) {
      return;
    }
    StringBuilder text = new StringBuilder().append(directory).append('\n');
    if (waitsSince != null) {
      text.append(WAITS).append(waitsSince.getEpochSecond()).append('\n');
    }
    digests.forEach((name, digest) -> text.append(digest).append(' ').append(name).append('\n'));
    AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    changed = false;
  }

  private static String digest(WgQuickFile document) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(document.bytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
