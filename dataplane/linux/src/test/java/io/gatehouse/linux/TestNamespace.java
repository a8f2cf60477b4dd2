// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A real network namespace for one test, made and removed by ip-netns(8). Needs root. */
final class TestNamespace implements AutoCloseable {
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final String name =
      "gh-linux-" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
  private final NetworkNamespace namespace;

  TestNamespace() throws Exception {
    run("ip", "netns", "add", name);
    namespace = NetworkNamespace.named(name);
    ip("link", "set", "lo", "up");
  }

  String name() {
    return name;
  }

  NetworkNamespace namespace() {
    return namespace;
  }

  /** Runs the action on a thread inside. */
  <T> T inside(Callable<T> action) throws Exception {
    return namespace.call(action);
  }

  /** Runs {@code ip} inside and gives what it printed. */
  String ip(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip", "-n", name));
    command.addAll(List.of(words));
    return run(command.toArray(String[]::new));
  }

  /** Runs a program inside and gives what it printed; fails loudly when it fails. */
  String exec(String... words) throws IOException, InterruptedException {
    return run(command(words).toArray(String[]::new));
  }

  /** Starts a program inside. */
  Process start(String... words) throws IOException {
    return new ProcessBuilder(command(words)).redirectErrorStream(true).start();
  }

  private List<String> command(String... words) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name));
    command.addAll(List.of(words));
    return command;
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(String.join(" ", command) + " failed: " + output);
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    namespace.close();
    try {
      run("ip", "netns", "del", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
