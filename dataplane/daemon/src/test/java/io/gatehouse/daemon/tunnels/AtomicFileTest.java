// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are replaced whole, and what was left half-written goes. */
class AtomicFileTest {
  @TempDir private Path path;
  private Path directory;
  private Path elsewhere;

  @BeforeEach
  void make() throws IOException {
    directory = Files.createDirectory(path.resolve("tunnels"));
    elsewhere = Files.createDirectory(path.resolve("elsewhere"));
  }

  @Test
  void aFileThatIsThereKeepsItsModeAndNothingElseIsLeft() throws IOException {
    Path file = Files.writeString(directory.resolve("wg0.conf"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    AtomicFile.write(file, "new".getBytes(UTF_8));
    assertThat(file).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(names(directory)).containsExactly("wg0.conf");
  }

  @Test
  void whatAKilledProcessLeftIsSweptAndNothingOfOthers() throws IOException {
    for (String name :
        Set.of(
            "wg0.conf",
            ".wg0.conf.swp",
            ".wg0.conf.1234",
            ".wg0.conf.gatehouse-",
            "wg0.conf.gatehouse-1")) {
      Files.createFile(directory.resolve(name));
    }
    Set<String> others = names(directory);
    Files.createFile(directory.resolve(".wg0.conf.gatehouse-1234567890"));
    Files.createFile(directory.resolve(".quota-usage.gatehouse-1"));

    AtomicFile.sweep(directory);

    assertThat(names(directory)).isEqualTo(others);
  }

  @Test
  void besideAFileToWhichALinkLeadsOnlyWhatWasToReplaceItIsSwept() throws IOException {
    Files.createFile(elsewhere.resolve("real.conf"));
    Files.createFile(elsewhere.resolve(".real.conf.gatehouse-1"));
    Files.createFile(elsewhere.resolve(".other.conf.gatehouse-2"));
    Files.createSymbolicLink(directory.resolve("wg0.conf"), elsewhere.resolve("real.conf"));
    Files.createSymbolicLink(directory.resolve("wg1.conf"), elsewhere.resolve("nowhere"));

    AtomicFile.sweep(directory);

    assertThat(names(elsewhere)).containsExactlyInAnyOrder("real.conf", ".other.conf.gatehouse-2");
  }

  @Test
  void aDirectoryThatIsNotThereIsNoTrouble() {
    AtomicFile.sweep(path.resolve("nowhere"));
    assertThat(path.resolve("nowhere")).doesNotExist();
  }

  private static Set<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
