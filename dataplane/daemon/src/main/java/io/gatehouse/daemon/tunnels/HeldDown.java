// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The tunnels that the administrator has taken down although their files are there. Outlives
 * restarts: a text file with one interface name in each line. Control thread.
 */
final class HeldDown {
  private final Path file;
  private final SortedSet<String> names;

  private HeldDown(Path file, SortedSet<String> names) {
    this.file = file;
    this.names = names;
  }

  /**
   * Reads what was written down so far.
   *
   * @param file need not be there yet; its directory must be
   * @throws IOException if it cannot be read or has a line that is no interface name: guessing
   *     could bring up what must stay down
   */
  static HeldDown read(Path file) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
        if (!InterfaceName.isLegal(line)) {
          throw new IOException(
              file + " has a line that is no interface name. Correct or remove the file");
        }
        names.add(line);
      }
    } catch (NoSuchFileException e) {
      return new HeldDown(file, names);
    }
    return new HeldDown(file, names);
  }

  boolean has(InterfaceName tunnel) {
    return names.contains(tunnel.value());
  }

  /** Holds a tunnel down from now on, or no longer; written down when it returns. */
  void set(InterfaceName tunnel, boolean held) throws IOException {
    SortedSet<String> next = new TreeSet<>(names);
    if (held ? next.add(tunnel.value()) : next.remove(tunnel.value())) {
      write(next);
      names.clear();
      names.addAll(next);
    }
  }

  /** Forgets the tunnels whose files are not in a directory. */
  void retain(Path directory) throws IOException {
    for (String name : new TreeSet<>(names)) {
      if (!Files.exists(directory.resolve(name + InterfaceName.SUFFIX))) {
        set(new InterfaceName(name), false);
      }
    }
  }

  private void write(SortedSet<String> next) throws IOException {
    StringBuilder text = new StringBuilder();
    next.forEach(name -> text.append(name).append('\n'));
    AtomicFile.write(file, text.toString().getBytes(StandardCharsets.US_ASCII));
  }
}
