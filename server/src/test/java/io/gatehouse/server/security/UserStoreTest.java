// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserStoreTest {
  private static final User ADMIN =
      new User("admin", User.Role.ADMIN, "PBKDF2WithHmacSHA512:210000:c2FsdA==:aGFzaA==");

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
