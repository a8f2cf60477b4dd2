// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersFileTest {
  private static final String AUTH = "correct horse battery";
  private static final String PRIV = "staple of the engine";

  @TempDir Path directory;

  private Path file(String text) throws IOException {
    Path file = directory.resolve("snmp-users");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  @Test
  void usersOfReceiversAskForNothingHere() throws IOException {
    Path file =
        file(
            """
            createUser monitor SHA-256 "%1$s" AES "%2$s"
            informUser monitor SHA-512 "%1$s" AES-256 "%2$s"
            """
                .formatted(AUTH, PRIV));
    assertThat(UsersFile.read(file))
        .containsExactly(new UsersFile.Given("monitor", Protection.USUAL, AUTH, PRIV));
    assertThat(UsersFile.receivers(file))
        .containsExactly(
            new UsersFile.Given("monitor", Protection.of("SHA-512", "AES-256"), AUTH, PRIV));
  }

  @Test
  void linesAreThoseOfSnmpd() throws IOException {
    assertThat(
            UsersFile.read(
                file(
                    """
                    # for the station

                    createUser monitor SHA-256 "correct horse battery" AES "staple of the engine"
                      createUser noc SHA-512 correct-horse-battery AES-256 staple-of-the-engine
                    """)))
        .containsExactly(
            new UsersFile.Given("monitor", Protection.USUAL, AUTH, PRIV),
            new UsersFile.Given(
                "noc",
                Protection.of("SHA-512", "AES-256"),
                AUTH.replace(' ', '-'),
                PRIV.replace(' ', '-')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "createUser monitor MD5 \"correct horse battery\" DES \"staple of the engine\"",
        "createUser monitor SHA-256 \"correct horse battery\" AES",
        "createUser monitor SHA-256 \"correct horse battery\" AES \"correct horse battery\"",
        "createUser monitor SHA-256 \"short\" AES \"staple of the engine\"",
        "createUser mon/itor SHA-256 \"correct horse battery\" AES \"staple of the engine\"",
        "rwuser monitor"
      })
  void aLineThatMakesNoSenseIsNamedAndItsPassphrasesAreNot(String line) {
    assertThatThrownBy(() -> UsersFile.read(file("\n" + line + "\n")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(directory.resolve("snmp-users") + ":2: ")
        .hasMessageNotContainingAny(AUTH, PRIV, "short\"");
  }

  @Test
  void aUserIsThereOnce() {
    String line = "createUser monitor SHA-256 \"" + AUTH + "\" AES \"" + PRIV + "\"\n";
    assertThatThrownBy(() -> UsersFile.read(file(line + line))).hasMessageContaining(":2: ");
  }

  @Test
  void aFileThatOthersCanReadIsRefused() throws IOException {
    Path file = file("");
    for (String mode : List.of("rw-r-----", "rw----r--", "rw-rw----")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      assertThatThrownBy(() -> UsersFile.read(file)).hasMessageContaining("chmod 600");
    }
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> UsersFile.read(directory.resolve("none")))
        .hasMessageContaining("gatehouse.snmp.users");
  }
}
