// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerNumbersTest {
  private static final InterfaceName WG0 = new InterfaceName("wg0");
  private static final InterfaceName WG1 = new InterfaceName("wg1");

  @TempDir private Path directory;

  @Test
  void numbersStayAcrossRestartsAndAreNotReused() throws IOException {
    Path file = directory.resolve("peer-numbers");
    PeerNumbers numbers = PeerNumbers.read(file);
    numbers.remember(WG0, List.of(key(1), key(2)));
    numbers.remember(WG1, List.of(key(2)));
    PeerNumbers again = PeerNumbers.read(file);
    again.remember(WG0, List.of(key(2), key(3)));
    assertThat(again.number(WG0, key(1))).isEqualTo(1);
    assertThat(again.number(WG0, key(2))).isEqualTo(2);
    assertThat(again.number(WG0, key(3))).isEqualTo(3);
    assertThat(again.number(WG1, key(2))).isEqualTo(1);
  }

  @Test
  void aPeerThatCameByUapiGetsANumberOfItsOwn() throws IOException {
    Path file = directory.resolve("peer-numbers");
    PeerNumbers numbers = PeerNumbers.read(file);
    numbers.remember(WG0, List.of(key(1)));
    assertThat(numbers.number(WG0, key(7))).isEqualTo(2);
    assertThat(numbers.number(WG0, key(8))).isEqualTo(3);
    assertThat(numbers.number(WG1, key(8))).isEqualTo(1);
    numbers.remember(WG0, List.of(key(1)));
    PeerNumbers again = PeerNumbers.read(file);
    assertThat(again.number(WG0, key(8))).isEqualTo(3);
    assertThat(again.number(WG0, key(9))).isEqualTo(4);
  }

  @Test
  void aDamagedFileIsSaidRatherThanRenumbered() throws IOException {
    Path file = directory.resolve("peer-numbers");
    Files.writeString(file, "wg0 1 " + key(1) + "\nwg0 x " + key(2) + "\n");
    assertThatThrownBy(() -> PeerNumbers.read(file)).hasMessageContaining("peer-numbers:2:");
  }
}
