// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineTest {
  private static final String ID = "8000137005000102030405060708090a0b";

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("snmp.engine");
  }

  @Test
  void firstStartMakesAnIdentityInFormatFiveAndCountsOne() throws IOException {
    Engine engine = Engine.start(file);

    assertThat(engine.boots()).isEqualTo(1);
    assertThat(engine.text()).startsWith("8000137005").hasSize(2 * (5 + 12));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void everyStartKeepsTheIdentityAndCountsOneMore() throws IOException {
    Engine first = Engine.start(file);
    Engine second = Engine.start(file);
    Engine third = Engine.start(file);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(third.id()).isEqualTo(first.id());
    assertThat(third.boots()).isEqualTo(3);
  }

  @Test
  void twoEnginesAreDifferent() throws IOException {
    assertThat(Engine.start(file).text())
        .isNotEqualTo(Engine.start(directory.resolve("other")).text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "engine " + ID + "\n",
        "engine " + ID + "\nboots 17", // cut, as 'boots 170' could have been
        "engine " + ID + "\nboots \n",
        "engine " + ID + "\nboots 0\n",
        "engine " + ID + "\nboots -1\n",
        "engine " + ID + "\nboots 2147483648\n",
        "engine " + ID + "0\nboots 17\n",
        "engine 80\nboots 17\n",
        "boots 17\nengine " + ID + "\n",
        "\u0000\u0000\u0000\u0000",
      })
  void damagedFileIsRefusedAndLeftAsItIs(String text) throws IOException {
    Files.writeString(file, text);

    assertThatThrownBy(() -> Engine.start(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("remove ");
    assertThat(file).hasContent(text);
  }

  @Test
  void countStaysAtItsEnd() throws IOException {
    Files.writeString(file, "engine " + ID + "\nboots 2147483645\n");

    assertThat(Engine.start(file).boots()).isEqualTo(2147483646);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> Engine.start(file)).hasMessageContaining("2147483647");
      assertThat(file).content().contains("boots 2147483647\n");
    }
  }

  @Test
  void startThatCannotBeStoredIsRefused() {
    Path nowhere = directory.resolve("missing/snmp.engine");

    assertThatThrownBy(() -> Engine.start(nowhere)).isInstanceOf(IOException.class);
  }

  @Test
  void leftoverOfAnInterruptedWriteDoesNoHarm() throws IOException {
    Engine.start(file);
    Files.writeString(directory.resolve("snmp.engine.new"), "engine 80");

    assertThat(Engine.start(file).boots()).isEqualTo(2);
  }
}
