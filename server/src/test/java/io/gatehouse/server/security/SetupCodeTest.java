// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetupCodeTest {
  @TempDir private Path directory;
  private Path file;
  private SetupCode code;

  @BeforeEach
  void prepare() throws IOException {
    file = directory.resolve("setup-code");
    code = new SetupCode(file);
    code.prepare();
  }

  @Test
  void isFourGroupsOfFiveUnmistakableCharacters() throws IOException {
    assertThat(file).content().matches("([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}\n");
  }

  @Test
  void isReadableByItsOwnerOnly() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void staysTheSameWhenTheServerStartsAgain() throws IOException {
    String before = Files.readString(file);
    new SetupCode(file).prepare();
    assertThat(file).hasContent(before.strip());
  }

  @Test
  void matchesHoweverItIsTyped() throws IOException {
    String text = Files.readString(file).strip();
    assertThat(code.matches(text)).isTrue();
    assertThat(code.matches(" " + text.toLowerCase(Locale.ROOT).replace("-", " "))).isTrue();
    assertThat(code.matches(text.replace('0', 'o').replace('1', 'l'))).isTrue();
  }

  @Test
  void matchesNothingElse() throws IOException {
    String text = Files.readString(file).strip();
    char last = text.charAt(text.length() - 1);
    assertThat(code.matches(text.substring(0, text.length() - 1) + (last == 'A' ? 'B' : 'A')))
        .isFalse();
    assertThat(code.matches(text.substring(0, 11))).isFalse();
    assertThat(code.matches("")).isFalse();
  }

  @Test
  void isWorthlessOnceDestroyed() throws IOException {
    String text = Files.readString(file);
    code.destroy();
    assertThat(code.matches(text)).isFalse();
    assertThat(code.matches("")).isFalse();
    assertThat(file).doesNotExist();
  }
}
