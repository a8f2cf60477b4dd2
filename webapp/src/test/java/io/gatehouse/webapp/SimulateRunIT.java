// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * {@code install/run --simulate} by somebody who has no right at all, in a network namespace where
 * there is nothing but loopback.
 */
class SimulateRunIT {
  private static final String BASE = "https://127.0.0.1:8443";

  @Test
  void everythingRunsWithoutARightAndEveryPageSaysThatItIsASimulation() throws IOException {
    Path home = Files.createTempDirectory("gh-sim");
    Path state = home.resolve(".local/state/gatehouse-simulation");
    try (Machine machine =
        new Machine("gh-sim-" + ProcessHandle.current().pid(), home.resolve("machine"))) {
      List<String> words =
          new ArrayList<>(
              List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"));
      words.addAll(List.of("env", "-u", "XDG_STATE_HOME", "-C", TypedPage.PROJECT.toString()));
      words.addAll(TypedPage.command("simulation", "run"));
      words.add("--no-build");
      Machine.Program run =
          machine.start(
              // Of a real gateway, which must not count.
              Map.of("GATEHOUSE_TUNNELS_DIRECTORY", "/nonexistent", "HOME", home.toString()),
              words.toArray(String[]::new));
      run.until("everything runs", () -> run.said().contains("Ctrl-C stops Gatehouse"));
      assertThat(run.said())
          .contains("Simulation:   nothing here is real")
          .contains("Tunnels:      " + state + "/tunnels")
          .contains("Setup code:");
      // In brackets, so that the words of the search itself are not found.
      String dataPlane = "[g]atehouse.daemon.DataplaneMain --simulate " + state;
      List<String> processes =
          new ArrayList<>(machine.run("pgrep", "-f", dataPlane).lines().toList());
      processes.add(
          machine
              .run("ss", "-Hltnp", "sport", "=", ":8443")
              .replaceAll("(?s).*pid=(\\d+).*", "$1"));
      assertThat(processes).hasSize(2);
      for (String process : processes) {
        assertThat(Files.readString(Path.of("/proc/" + process + "/status")))
            .containsPattern("CapEff:\\s0+\n");
      }
      assertThat(machine.run("curl", "-ksS", "--max-time", "20", BASE + "/setup"))
          .contains("class=\"simulation-bar\"");
      Machine.Program asked =
          machine.start(
              Map.of("HOME", home.toString()),
              "env",
              "-C",
              TypedPage.PROJECT.toString(),
              "bash",
              "-euo",
              "pipefail",
              "-c",
              TypedPage.block("simulation", "ask"));
      assertThat(asked.end()).as(asked.said()).isZero();
      assertThat(asked.said())
          .contains("(simulated)", "Mallory", "interface: road", "gatehouse_info{")
          .contains("iso.3.6.1.2.1.2.2.1.2.");
      assertThat(machine.run("ip", "-br", "link").lines()).hasSize(1);

      run.signal("INT");
      assertThat(run.end()).isZero();
    } finally {
      try (var files = Files.walk(home)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
