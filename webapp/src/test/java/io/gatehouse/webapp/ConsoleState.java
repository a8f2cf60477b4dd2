// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
}
