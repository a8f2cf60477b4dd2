// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A machine of its own, as far as the product can tell: a network namespace with its own {@code
 * /run/wireguard}, so that nothing meets what the test machine itself runs.
 */
final class Machine implements AutoCloseable {
  private static final Path WIREGUARD = Path.of("/run/wireguard");

  private final String name;
  private final Path home;
  private final List<Program> programs = new ArrayList<>();

  /** A program in the background, with all it wrote. */
  record Program(Process process, Path log) {
    String said() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until something holds; fails at once, with its words, when the program ends before. */
    void until(String what, BooleanSupplier condition) {
      Machine.until(
          what,
          () -> {
            if (!process.isAlive()) {
              throw new AssertionError("Ended before: " + what + "\n" + said());
            }
            return condition.getAsBoolean();
          },
          this);
    }

    /** Sends a signal as {@code kill} does. */
    void signal(String name) {
      succeed(List.of("kill", "-" + name, Long.toString(process.pid())));
    }

    /** Waits for the end and returns the exit status. */
    int end() {
      try {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          throw new AssertionError("Does not end\n" + said());
        }
        return process.exitValue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("Interrupted", e);
      }
    }
  }

  /**
   * Makes the machine.
   *
   * @param home a new directory for its files, which everyone may enter
   */
  Machine(String name, Path home) {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new AssertionError("These tests make network namespaces: run them as root.");
    }
    this.name = name;
    this.home = home;
    try {
      Files.createDirectories(WIREGUARD);
      Files.createDirectories(home.resolve("wireguard"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    succeed(List.of("ip", "netns", "add", name));
    run("ip", "link", "set", "dev", "lo", "up");
  }

  Path home() {
    return home;
  }

  /** Plugs a cable into two machines: 203.0.113.1 here, 203.0.113.2 there. */
  void connect(Machine other) {
    run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", other.name);
    run("ip", "address", "add", "203.0.113.1/24", "dev", "eth0");
    other.run("ip", "address", "add", "203.0.113.2/24", "dev", "eth0");
    run("ip", "link", "set", "dev", "eth0", "up");
    other.run("ip", "link", "set", "dev", "eth0", "up");
  }

  /** Runs a command to its end and returns what it wrote; fails when the command fails. */
  String run(String... words) {
    return succeed(inside(words));
  }

  /** Whether a command succeeds. */
  boolean does(String... words) {
    return finish(inside(words)).status == 0;
  }

  /** Starts a program that goes on; it is ended with the machine, if it still runs then. */
  Program start(Map<String, String> environment, String... words) {
    try {
      Path log = Files.createTempFile(home, "program", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(inside(words)).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      Program program = new Program(builder.start(), log);
      programs.add(program);
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code wg show} says, one line for a peer. */
  String wgDump(String tunnel) {
    return run("wg", "show", tunnel, "dump");
  }

  boolean has(String link) {
    return does("ip", "link", "show", "dev", link);
  }

  /** Whether the peer has a socket for {@code wg}. */
  boolean hasSocket(String tunnel) {
    return Files.exists(home.resolve("wireguard/" + tunnel + ".sock"));
  }

  /** All processes of this machine, as {@code ps} shows them. */
  String processes() {
    List<String> pids = succeed(List.of("ip", "netns", "pids", name)).lines().toList();
    return pids.isEmpty()
        ? ""
        : finish(List.of("ps", "-o", "pid=,args=", "-p", String.join(",", pids))).output;
  }

  @Override
  public void close() {
    for (Program program : programs.reversed()) {
      program.process().destroy();
    }
    for (Program program : programs) {
      program.end();
    }
    succeed(List.of("ip", "netns", "del", name));
  }

  /** Waits for something another process is about to do. */
  static void until(String what, BooleanSupplier condition, Program... involved) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        StringBuilder words = new StringBuilder("Did not happen: " + what);
        for (Program program : involved) {
          words.append('\n').append(program.said());
        }
        throw new AssertionError(words);
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("Interrupted", e);
      }
    }
  }

  /** Runs a command outside of any machine. */
  static String succeed(List<String> words) {
    Finished finished = finish(words);
    if (finished.status != 0) {
      throw new AssertionError(
          "Status " + finished.status + ": " + String.join(" ", words) + "\n" + finished.output);
    }
    return finished.output;
  }

  private record Finished(int status, String output) {}

  private static Finished finish(List<String> words) {
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Finished(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted: " + words, e);
    }
  }

  // "ip netns exec" gives each command a mount namespace of its own, so the mount is seen by nobody
  // else. SIGINT may be ignored in whoever started the tests, and a shell cannot undo that.
  private List<String> inside(String... words) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "ip",
                "netns",
                "exec",
                name,
                "env",
                "--default-signal=INT",
                "sh",
                "-c",
                "mount --bind \"$0\" " + WIREGUARD + " && exec \"$@\"",
                home.resolve("wireguard").toString()));
    all.addAll(List.of(words));
    return all;
  }
}
