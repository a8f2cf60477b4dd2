// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserStoreTest {
  private static final User ADMIN =
      new User(
          "admin",
          Role.ADMIN,
          true,
          new User.Password("PBKDF2WithHmacSHA512:210000:c2FsdA==:aGFzaA=="));

  @TempDir private Path directory;

  @Test
  void isEmptyWithoutAFile() throws IOException {
    assertThat(new UserStore(directory.resolve("users")).isEmpty()).isTrue();
  }

  @Test
  void keepsUsersAcrossARestart() throws IOException {
    new UserStore(directory.resolve("users")).add(ADMIN);
    assertThat(new UserStore(directory.resolve("users")).find("admin")).contains(ADMIN);
  }

  @Test
  void keepsWhoIsDisabledOrInvited() throws IOException {
    Path file = directory.resolve("users");
    User invited =
        new User(
            "erika",
            Role.VIEWER,
            false,
            new User.Invitation("abcd", Instant.ofEpochSecond(1_800_000_000)));
    UserStore store = new UserStore(file);
    store.add(ADMIN.with(false));
    store.add(invited);
    assertThat(file)
        .hasContent(
            """
            admin:admin:!PBKDF2WithHmacSHA512:210000:c2FsdA==:aGFzaA==
            erika:viewer:!invited:1800000000:abcd
            """);
    assertThat(new UserStore(file).all()).containsExactly(ADMIN.with(false), invited);
  }

  @Test
  void forgetsWhoIsRemoved() throws IOException {
    Path file = directory.resolve("users");
    UserStore store = new UserStore(file);
    store.add(ADMIN);
    store.remove("admin");
    assertThat(new UserStore(file).isEmpty()).isTrue();
  }

  @Test
  void writesAFileForItsOwnerOnlyAndLeavesNoDraft() throws IOException {
    Path file = directory.resolve("users");
    new UserStore(file).add(ADMIN);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void refusesANameThatIsTaken() throws IOException {
    UserStore store = new UserStore(directory.resolve("users"));
    store.add(ADMIN);
    assertThatThrownBy(() -> store.add(ADMIN)).hasMessageContaining("admin is taken");
  }

  @Test
  void namesTheDamagedLine() throws IOException {
    Path file = directory.resolve("users");
    Files.writeString(file, "admin:admin:x:y\nnonsense\n");
    assertThatThrownBy(() -> new UserStore(file)).hasMessageContaining("users:2:");
  }

  @Test
  void refusesNamesThatWouldBreakALine() {
    for (String name : new String[] {"", "a:b", "a\nb", "Admin", "1st", "a".repeat(33)}) {
      assertThat(User.isName(name)).as(name).isFalse();
    }
    assertThat(User.isName("ada.lovelace_1-2")).isTrue();
  }

  @Test
  void neverShowsAHash() {
    assertThat(ADMIN.toString()).doesNotContain("PBKDF2");
  }
}
