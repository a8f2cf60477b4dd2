// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory of a simulation. */
class SimulationTest {
  @TempDir private Path parent;

  @Test
  void aNewOneGetsTunnelsSettingsAndAnSnmpUserThatNobodyElseCanRead() throws IOException {
    Path directory = parent.resolve("new");
    Simulation simulation = Simulation.in(directory, OptionalLong.empty());
    assertThat(directory.resolve("tunnels"))
        .isDirectoryContaining("glob:**/road.conf")
        .isDirectoryContaining("glob:**/sites.conf");
    for (String secret : new String[] {"tunnels/road.conf", "tunnels/sites.conf", "snmp-users"}) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve(secret))))
          .isEqualTo("rw-------");
    }
    assertThat(simulation.settingsFile()).content().contains(directory + "/control.sock");
  }

  @Test
  void oneThatIsThereGoesOnAsItIs() throws IOException {
    Simulation _ = Simulation.in(parent, OptionalLong.of(5));
    Files.delete(parent.resolve("tunnels/sites.conf"));
    Files.writeString(parent.resolve("tunnels/road.conf"), "mine");
    Simulation _ = Simulation.in(parent, OptionalLong.empty());
    assertThat(parent.resolve("tunnels/road.conf")).hasContent("mine");
    try (Stream<Path> files = Files.list(parent.resolve("tunnels"))) {
      assertThat(files).hasSize(1);
    }
    assertThatThrownBy(() -> Simulation.in(parent, OptionalLong.of(6)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(parent.toString())
        .hasMessageContaining("seed 5");
  }

  @Test
  void nothingLeadsOutOfItsDirectory() throws IOException {
    Simulation simulation = Simulation.in(parent, OptionalLong.empty());
    Map<String, String> settings = simulation.settings(Map.of("gatehouse.log.level", "FINE"));
    assertThat(settings)
        .containsEntry("gatehouse.log.level", "FINE")
        .containsEntry("gatehouse.hooks", "false");
    for (String name :
        new String[] {
          "gatehouse.tunnels.directory",
          "gatehouse.state.directory",
          "gatehouse.control.socket",
          "gatehouse.uapi.directory",
          "gatehouse.config"
        }) {
      assertThat(settings.get(name)).as(name).startsWith(parent + "/");
    }
    assertThatThrownBy(() -> simulation.settings(Map.of("gatehouse.state.directory", "/var/lib")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gatehouse.state.directory")
        .hasMessageContaining("/var/lib");
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> Simulation.of(Map.of(Simulation.SEED, "3")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--simulate");
    assertThatThrownBy(
            () ->
                Simulation.of(
                    Map.of(Simulation.DIRECTORY, parent.toString(), Simulation.SEED, "x")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--seed \"x\"");
  }
}
