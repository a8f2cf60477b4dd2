// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An interface of wireguard-go in a network namespace of its own, for the stock tools to work on.
 * Nothing can be reached from there, so names are only what {@code /etc/hosts} says.
 */
final class ScratchInterface {
  private final String name;
  private final Process wireguardGo;

  private ScratchInterface(String name, Process wireguardGo) {
    this.name = name;
    this.wireguardGo = wireguardGo;
  }

  /**
   * Makes one.
   *
   * @param name of interface and namespace
   * @param log where wireguard-go writes to
   */
  static ScratchInterface open(String name, Path log) throws IOException, InterruptedException {
    assertThat(run(List.of("ip", "netns", "add", name)))
        .as("making a namespace needs root")
        .isZero();
    Process process =
        new ProcessBuilder("ip", "netns", "exec", name, "wireguard-go", "-f", name)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    ScratchInterface scratch = new ScratchInterface(name, process);
    Path socket = Path.of("/var/run/wireguard", name + ".sock");
    for (int i = 0; i < 200 && !Files.exists(socket); i++) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(50);
    }
    assertThat(socket).exists();
    return scratch;
  }

  String name() {
    return name;
  }

  /** Runs a command in the namespace and returns its exit status. */
  int runInside(List<String> command) throws IOException, InterruptedException {
    List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", name));
    inside.addAll(command);
    return run(inside);
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    // One failed look-up is enough.
    builder.environment().put("WG_ENDPOINT_RESOLUTION_RETRIES", "0");
    Process process = builder.start();
    if (!process.waitFor(300, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " hangs");
    }
    return process.exitValue();
  }

  void close() throws IOException, InterruptedException {
    wireguardGo.destroy();
    wireguardGo.waitFor();
    assertThat(run(List.of("ip", "netns", "delete", name))).isZero();
  }
}
