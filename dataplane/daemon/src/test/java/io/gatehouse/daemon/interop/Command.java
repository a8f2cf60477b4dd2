// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A finished command line: what it was, how it ended and all it wrote. */
record Command(List<String> words, int exitCode, String output) {
  private static final int TIMEOUT_SECONDS = 120;

  /** Runs to the end whatever the exit code; fails only when the command hangs. */
  static Command run(List<String> words) {
    return run(words, "");
  }

  /**
   * As {@link #run(List)}, with text on standard input: the way for keys, which never go into
   * arguments.
   */
  static Command run(List<String> words, String input) {
    Path output = null;
    try {
      output = Files.createTempFile("gh-command", ".out");
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(UTF_8));
      } catch (IOException brokenPipe) {
        // The command did not want to read: its exit code tells the story.
      }
      if (!process.waitFor(TIMEOUT_SECONDS, SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("Hangs: " + String.join(" ", words) + "\n" + read(output));
      }
      return new Command(words, process.exitValue(), read(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted: " + String.join(" ", words), e);
    } finally {
      delete(output);
    }
  }

  /** The output, after checking that the command succeeded. */
  String succeeded() {
    if (exitCode != 0) {
      throw new AssertionError(
          "Exit code " + exitCode + ": " + String.join(" ", words) + "\n" + output);
    }
    return output;
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), UTF_8);
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
