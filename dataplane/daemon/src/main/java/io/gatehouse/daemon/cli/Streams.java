// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command reads and writes.
 *
 * @param environment variables by name
 */
record Streams(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
  private static final int FILE_TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int OTHERS = 0007;

  /** Those of the process. */
  static Streams ofProcess() {
    return new Streams(System.in, System.out, System.err, System.getenv());
  }

  /** A variable of the environment, empty when it is not set. */
  String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /** Whether standard output is a terminal. */
  boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(STANDARD_OUTPUT).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false;
    }
  }

  /** Warns before a secret is written to a file that anybody may open, as wg(8) does. */
  void warnOfSecretInOpenFile() {
    try {
      int mode = (Integer) Files.getAttribute(STANDARD_OUTPUT, "unix:mode");
      if ((mode & FILE_TYPE) == REGULAR && (mode & OTHERS) != 0) {
        err.println("Warning: writing to world accessible file.");
        err.println("Consider setting the umask to 077 and trying again.");
      }
    } catch (IOException e) {
      // Nothing can be told of it, so nothing is said.
    }
  }
}
