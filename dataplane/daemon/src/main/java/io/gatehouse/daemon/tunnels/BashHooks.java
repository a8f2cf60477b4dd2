// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.TunnelConfig;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs hooks as wg-quick(8) runs them: each line by {@code eval} in a bash of its own with {@code
 * set -e -o pipefail} and {@code shopt -s extglob}, {@code %i} being the interface.
 *
 * <p>Lines get a small environment and no input; what they write goes to the log, up to a bound.
 * {@code timeout(1)} makes each a process group and kills it whole when its time is over.
 */
final class BashHooks implements Hooks {
  private static final Logger LOG = System.getLogger(BashHooks.class.getName());

  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C");

  /** What is logged of the lines of one moment, in octets. */
  private static final int MOST_OUTPUT = 8 << 10;

  private static final int LONGEST_LINE = 500;

  /** How long the last words of a line that has ended are waited for. */
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private final Executor control;
  private final Duration limit;
  private final Map<InterfaceName, Process> running = new ConcurrentHashMap<>();

  /**
   * Hooks that are run.
   *
   * @param control where to call back
   * @param limit for all lines of one moment together
   */
  BashHooks(Executor control, Duration limit) {
    this.control = control;
    this.limit = limit;
  }

  @Override
  public boolean areOn() {
    return true;
  }

  @Override
  public void run(
      InterfaceName tunnel, Moment moment, TunnelConfig config, Consumer<Optional<String>> then) {
    List<String> lines = moment.of(config);
    if (lines.isEmpty()) {
      then.accept(Optional.empty());
      return;
    }
    Thread.ofVirtual()
        .name(tunnel + "-" + moment.key)
        .start(
            () -> {
              Optional<String> failure = runAll(tunnel, moment, lines);
              try {
                control.execute(() -> then.accept(failure));
              } catch (RejectedExecutionException e) {
                LOG.log(Level.DEBUG, "nobody waits any more for a hook of " + tunnel);
              }
            });
  }

  @Override
  public void cancel(InterfaceName tunnel) {
    Process process = running.get(tunnel);
    if (process != null) {
      process.destroy();
    }
  }

  private Optional<String> runAll(InterfaceName tunnel, Moment moment, List<String> lines) {
    long end = System.nanoTime() + limit.toNanos();
    String who = tunnel + ": " + moment.key + ": ";
    AtomicInteger budget = new AtomicInteger(MOST_OUTPUT);
    for (String line : lines) {
      String command = line.replace("%i", tunnel.value());
      LOG.log(Level.INFO, who + command);
      Output output = new Output(who, budget);
      try {
        int status = run(tunnel, command, end - System.nanoTime(), output);
        if (status != 0) {
          boolean late = end - System.nanoTime() <= 0;
          String how =
              late
                  ? "takes longer than " + limit.toMillis() / 1000.0 + " s"
                  : "failed with exit status " + status;
          String said = late || output.last.isEmpty() ? "" : " and said: " + output.last;
          return Optional.of(moment.key + " = " + command + " " + how + said);
        }
      } catch (IOException e) {
        return Optional.of(moment.key + " = " + command + " could not be run: " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.of(moment.key + " was interrupted");
      }
    }
    return Optional.empty();
  }

  private int run(InterfaceName tunnel, String command, long nanos, Output output)
      throws IOException, InterruptedException {
    String seconds = String.format(Locale.ROOT, "%.3f", Math.max(1, nanos / 1_000_000) / 1000.0);
    ProcessBuilder bash =
        new ProcessBuilder(
                "timeout",
                "--signal=KILL",
                seconds,
                "bash",
                "-e",
                "-o",
                "pipefail",
                "-O",
                "extglob",
                "-c",
                "eval " + quoted(command),
                "wg-quick")
            .directory(Path.of("/").toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true);
    bash.environment().clear();
    bash.environment().putAll(ENVIRONMENT);
    // The platform closes a pipe when the process at its other end is over, but what a line has
    // left
    // running in the background may still write: cat reads for as long as somebody can.
    List<Process> both = ProcessBuilder.startPipeline(List.of(bash, new ProcessBuilder("cat")));
    Process process = both.getFirst();
    running.put(tunnel, process);
    try {
      InputStream written = both.getLast().getInputStream();
      Thread reader = Thread.ofVirtual().start(() -> output.follow(written));
      int status = process.waitFor();
      boolean _ = reader.join(LAST_WORDS);
      return status;
    } finally {
      running.remove(tunnel);
    }
  }

  /**
   * A text as bash reads it back, in ASCII alone: the locale of the virtual machine decides what
   * becomes of other characters in arguments. Files are read as ISO 8859-1, octet by octet.
   */
  private static String quoted(String text) {
    boolean octets = text.chars().allMatch(c -> c < 0x100);
    StringBuilder quoted = new StringBuilder("$'");
    for (byte b : text.getBytes(octets ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8)) {
      if (b < ' ' || b > '~' || b == '\'' || b == '\\') {
        quoted.append(String.format("\\x%02x", b));
      } else {
        quoted.append((char) b);
      }
    }
    return quoted.append('\'').toString();
  }

  /** Logs what one line writes, within the budget of its moment, and reads on whatever comes. */
  private static final class Output {
    private final String who;
    private final AtomicInteger budget;
    private final StringBuilder line = new StringBuilder();
    volatile String last = "";

    Output(String who, AtomicInteger budget) {
      this.who = who;
      this.budget = budget;
    }

    void follow(InputStream from) {
      try (from) {
        for (int c = from.read(); c >= 0; c = from.read()) {
          if (c == '\n') {
            say();
          } else if (line.length() < LONGEST_LINE) {
            line.append(c >= ' ' && c < 0x7f ? (char) c : '?');
          }
        }
      } catch (IOException e) {
        LOG.log(Level.DEBUG, who + "the end of its output was not heard", e);
      }
      say();
    }

    private void say() {
      if (line.isEmpty()) {
        return;
      }
      last = line.toString();
      line.setLength(0);
      int before = budget.getAndUpdate(left -> Math.max(0, left - last.length() - 1));
      if (before > 0) {
        LOG.log(Level.INFO, who + "> " + last);
        if (before <= last.length() + 1) {
          LOG.log(Level.INFO, who + "> and more, which is not logged");
        }
      }
    }
  }
}
