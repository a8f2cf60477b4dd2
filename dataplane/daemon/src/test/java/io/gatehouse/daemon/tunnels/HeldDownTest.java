// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldDownTest {
  private static final InterfaceName WG0 = new InterfaceName("wg0");
  private static final InterfaceName WG1 = new InterfaceName("wg1");

  @TempDir private Path directory;

  @Test
  void whatIsHeldDownIsWrittenDownAtOnce() throws IOException {
    HeldDown held = HeldDown.read(file());
    held.set(WG1, true);
    held.set(WG0, true);
    assertThat(file()).hasContent("wg0\nwg1\n");
    held.set(WG1, false);
    HeldDown again = HeldDown.read(file());
    assertThat(again.has(WG0)).isTrue();
    assertThat(again.has(WG1)).isFalse();
  }

  @Test
  void withoutItsFileNothingIsHeldDown() throws IOException {
    Files.createFile(directory.resolve("wg1.conf"));
    Files.writeString(file(), "wg0\nwg1\n");
    HeldDown held = HeldDown.read(file());
    held.retain(directory);
    assertThat(held.has(WG0)).isFalse();
    assertThat(held.has(WG1)).isTrue();
    assertThat(file()).hasContent("wg1\n");
  }

  @Test
  void aLineThatIsNoNameIsNotGuessedAt() throws IOException {
    Files.writeString(file(), "wg0\n../x\n");
    assertThatThrownBy(() -> HeldDown.read(file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Correct or remove the file");
  }

  private Path file() {
    return directory.resolve("held-down");
  }
}
