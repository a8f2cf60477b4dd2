// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WgFileTest {
  @Test
  void readsWhatWgReads() {
    WgFile file =
        WgFile.parse(
            "/dev/stdin",
            "[ interface ]\nlistenport = 7\n[Peer]\nPublic Key=%s\0 never read\n"
                .formatted(Dialects.BOB)
                .getBytes(ISO_8859_1));
    assertThat(file.config().orElseThrow().listenPort()).hasValue(7);
    assertThat(file.config().orElseThrow().peers().getFirst().publicKey()).isEqualTo(Dialects.BOB);
  }

  @Test
  void refusesTheKeysOfWgQuick() {
    WgFile file = WgFile.parse("a", "[Interface]\nAddress = 10.0.0.1/24\n".getBytes(ISO_8859_1));
    assertThat(file.config()).isEmpty();
    assertThat(file.findings())
        .extracting(Finding::toString)
        .containsExactly(
            "a:2: Address is read by wg-quick, not by wg (\"Address\"). Remove the line, or pass the"
                + " file through strip first [WG-QUICK-KEY]");
  }

  @Test
  void aFileWithoutInterfaceIsFineSinceItMayBeAdded() {
    WgFile file =
        WgFile.parse("a", "[Peer]\nPublicKey = %s\n".formatted(Dialects.BOB).getBytes(ISO_8859_1));
    assertThat(file.config()).isPresent();
    assertThat(file.findings()).extracting(Finding::code).containsExactly("NO-ALLOWED-IPS");
  }

  @Test
  void showconfIsReadBackAsTheSame() {
    for (String dialect : Dialects.names()) {
      WgConfig config = Dialects.file(dialect).config().orElseThrow().wg();
      byte[] text = config.showconf().getBytes(ISO_8859_1);
      assertThat(SavedState.acts(WgFile.parse(dialect, text).config().orElseThrow()))
          .as(dialect)
          .isEqualTo(SavedState.acts(config));
    }
  }

  @Test
  void strippedFilesAreReadByWg() {
    for (String dialect : Dialects.names()) {
      WgQuickFile file = Dialects.file(dialect);
      assertThat(WgFile.parse(dialect, file.strip()).config().map(SavedState::acts))
          .as(dialect)
          .contains(SavedState.acts(file.config().orElseThrow().wg()));
    }
  }
}
