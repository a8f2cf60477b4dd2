// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program that runs in the background of a test, with its log kept for failures. */
final class Daemon implements AutoCloseable {
  private final List<String> words;
  private final Process process;
  private final Path log;

  private Daemon(List<String> words, Process process, Path log) {
    this.words = words;
    this.process = process;
    this.log = log;
  }

  static Daemon start(List<String> words, Map<String, String> environment) {
    try {
      Path log = Files.createTempFile("gh-daemon", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      return new Daemon(words, builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  String log() {
    try {
      return new String(Files.readAllBytes(log), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the condition holds; fails at once with the log when the program ends before. */
  void ready(String what, java.util.function.BooleanSupplier condition) {
    Eventually.eventually(
        what,
        () -> {
          if (!isAlive()) {
            throw new AssertionError("Ended before '" + what + "': " + words + "\n" + log());
          }
          return condition.getAsBoolean();
        },
        this::log);
  }

  /** Ends the program as a crash would, with SIGKILL, and waits. */
  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the program as an administrator would, and waits. */
  @Override
  public void close() {
    try {
      process.destroy();
      if (!process.waitFor(60, SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("Does not stop on SIGTERM: " + words + "\n" + log());
      }
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
