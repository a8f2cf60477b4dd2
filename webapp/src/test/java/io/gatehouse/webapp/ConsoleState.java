// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What the console of a test keeps. */
public final class ConsoleState {
  private ConsoleState() {}

  /** Before the server starts, so that every run begins with a gateway that is not set up. */
  public static void clear(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (var files = Files.walk(directory)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** All files below a directory by their paths, octet for octet, while the console writes. */
  static Map<String, String> content(Path directory) throws IOException {
    while (true) {
      Map<String, String> content = new TreeMap<>();
      try (var files = Files.walk(directory)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          content.put(file.toString(), Files.readString(file, ISO_8859_1));
        }
        return content;
      } catch (NoSuchFileException e) {
        // Replaced since it was listed: its successor is there.
      } catch (UncheckedIOException e) {
        if (!(e.getCause() instanceof NoSuchFileException)) {
          throw e;
        }
      }
    }
  }
}
