// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.Passphrase;
import io.gatehouse.daemon.backup.GatewayBackup.Directories;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine is a directory with all that a gateway keeps; the backup lies beside it. */
class GatewayBackupTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final String RIGHT = "correct horse battery";

  @TempDir Path home;
  private Path machine;
  private Path backup;

  @BeforeEach
  void makeMachine() throws IOException {
    machine = home.resolve("machine");
    backup = home.resolve("gateway.backup");
    put("etc/gatehouse.properties", settings("tunnels"), "rw-r--r--");
    put("etc/conf.d/10-log.properties", "gatehouse.log.level=FINE\n", "rw-r-----");
    put("etc/other.conf", "not ours", "rw-r--r--");
    put("tunnels/wg0.conf", "[Interface]\nPrivateKey = secret\n", "rw-------");
    put("tunnels/.hidden/file", "x", "rw-------");
    Files.createSymbolicLink(machine.resolve("tunnels/wg1.conf"), Path.of("/mnt/wg1.conf"));
    put("state/peer-numbers", "1 key\n", "rw-------");
    put("state/history/objects/pack/large", "y".repeat(200_000), "r--r--r--");
    put("state/history/HEAD", "ref: refs/heads/main\n", "rw-------");
    put("state/empty", "", "rw-------");
    put("state/leftovers/wg0", "of this machine", "rw-------");
    put("state/console/users", "admin", "rw-------");
    put("state/console/logs/console.log", "not kept", "rw-------");
  }

  @Test
  void aRestoreOnAnEmptyMachineGivesTheSameGatewayByteForByte() throws Exception {
    Map<String, String> before = content();
    gateway().write(backup, passphrase(RIGHT), NOW);
    Files.move(machine, home.resolve("lost"));

    GatewayBackup.Report report = gateway().stage(backup, passphrase(RIGHT), false);
    assertThat(GatewayBackup.finish(machine.resolve("state"), NOW)).isEmpty();

    before
        .keySet()
        .removeIf(
            name ->
                name.startsWith("state/leftovers")
                    || name.startsWith("state/console/logs")
                    || name.equals("etc/other.conf"));
    assertThat(content()).isEqualTo(before);
    assertThat(report.made()).isEqualTo(NOW);
    assertThat(report.left()).isEmpty();
  }

  @Test
  void whatWasThereBeforeStaysBeside() throws Exception {
    write();
    put("tunnels/wg0.conf", "newer", "rw-------");
    put("tunnels/wg7.conf", "only here", "rw-------");

    gateway().stage(backup, passphrase(RIGHT), false);
    assertThat(Files.readString(machine.resolve("tunnels/wg0.conf"))).isEqualTo("newer");
    GatewayBackup.finish(machine.resolve("state"), NOW);

    assertThat(Files.readString(machine.resolve("tunnels/wg0.conf"))).contains("secret");
    assertThat(machine.resolve("tunnels/wg7.conf")).doesNotExist();
    Path old = machine.resolve("tunnels/.replaced-tunnels-20261128T120000Z/old");
    assertThat(old.resolve("wg7.conf")).hasContent("only here");
    assertThat(old.resolve("wg0.conf")).hasContent("newer");
    assertThat(machine.resolve("etc/other.conf")).hasContent("not ours");
    assertThat(machine.resolve("state/leftovers/wg0")).hasContent("of this machine");
  }

  @Test
  void anotherBackupDoesNotHoldWhatARestoreHasLeft() throws Exception {
    write();
    gateway().stage(backup, passphrase(RIGHT), false);
    GatewayBackup.finish(machine.resolve("state"), NOW);
    long first = Files.size(backup);

    write();

    assertThat(Files.size(backup)).isEqualTo(first);
  }

  @Test
  void aRestoreThatIsCutOffGoesOnWhereItEnded() throws Exception {
    Map<String, String> before = content();
    write();
    gateway().stage(backup, passphrase(RIGHT), false);
    Path tunnels = machine.resolve("tunnels");
    // As a process leaves it that is killed while it moves away what was there.
    Path old = Files.createDirectory(tunnels.resolve(".restore-tunnels/old"));
    Files.move(tunnels.resolve("wg0.conf"), old.resolve("wg0.conf"));
    Path settings = machine.resolve("etc/.restore-settings");
    // And while it moves in what comes.
    Files.createDirectory(settings.resolve("old"));
    Files.move(
        machine.resolve("etc/gatehouse.properties"), settings.resolve("old/gatehouse.properties"));
    Files.move(machine.resolve("etc/conf.d"), settings.resolve("old/conf.d"));
    Files.createFile(settings.resolve("emptied"));
    Files.move(settings.resolve("new/conf.d"), machine.resolve("etc/conf.d"));

    assertThat(GatewayBackup.waits(machine.resolve("state"))).isTrue();
    GatewayBackup.finish(machine.resolve("state"), NOW);

    Map<String, String> after = content();
    after.keySet().removeIf(name -> name.contains(Place.REPLACED));
    before.keySet().removeIf(name -> name.startsWith("state/console/logs"));
    after.keySet().removeIf(name -> name.startsWith("state/console/logs"));
    assertThat(after).isEqualTo(before);
    assertThat(GatewayBackup.waits(machine.resolve("state"))).isFalse();
  }

  @Test
  void theNextRestoreEndsOneThatWasCutOff() throws Exception {
    write();
    put("tunnels/wg0.conf", "second", "rw-------");
    Path second = home.resolve("second.backup");
    gateway().write(second, passphrase(RIGHT), NOW);
    gateway().stage(backup, passphrase(RIGHT), false);

    gateway().stage(second, passphrase(RIGHT), false);
    GatewayBackup.finish(machine.resolve("state"), NOW);

    assertThat(machine.resolve("tunnels/wg0.conf")).hasContent("second");
  }

  @Test
  void nothingIsChangedByAWrongPassphrase() throws Exception {
    write();

    refuses("wrong horse battery", "the passphrase is not the one");
  }

  @Test
  void nothingIsChangedByABackupThatIsDamagedAnywhere() throws Exception {
    write();
    byte[] good = Files.readAllBytes(backup);
    for (int at :
        new int[] {
          0,
          17,
          20,
          30,
          50,
          62,
          Header.LENGTH,
          Header.LENGTH + Seal.PIECE / 2,
          Header.LENGTH + Seal.PIECE + 1,
          Header.LENGTH + Seal.PIECE + 20,
          good.length - 20,
          good.length - 1
        }) {
      byte[] damaged = good.clone();
      damaged[at] ^= 1;
      Files.write(backup, damaged);
      refuses(RIGHT, "damaged");
    }
  }

  @Test
  void nothingIsChangedByABackupWithoutItsEnd() throws Exception {
    write();
    byte[] good = Files.readAllBytes(backup);
    for (int length :
        new int[] {
          0,
          10,
          Header.LENGTH,
          Header.LENGTH + 5,
          Header.LENGTH + Seal.PIECE + Seal.TAG,
          good.length - 1
        }) {
      Files.write(backup, java.util.Arrays.copyOf(good, length));
      refuses(RIGHT, length < Header.LENGTH ? "beginning" : "its end is missing");
    }
  }

  @Test
  void aNewerFormatIsNamed() throws Exception {
    write();
    byte[] newer = Files.readAllBytes(backup);
    newer[17] = 3;
    CRC32 crc = new CRC32();
    crc.update(newer, 0, Header.LENGTH - 4);
    ByteBuffer.wrap(newer).putInt(Header.LENGTH - 4, (int) crc.getValue());
    Files.write(backup, newer);

    refuses(RIGHT, "has format 3, and this Gatehouse knows formats 1 and 2");
  }

  @Test
  void aBackupOfAGatewayWithItsTunnelsElsewhereSaysSo() throws Exception {
    GatewayBackup here = gateway();
    put("etc/gatehouse.properties", settings("other"), "rw-r--r--");
    write();

    Map<String, String> before = content();
    assertThatThrownBy(() -> here.stage(backup, passphrase(RIGHT), false))
        .isInstanceOf(BackupException.class)
        .hasMessageContainingAll("gatehouse.tunnels.directory=" + machine.resolve("other"));
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void aShortPassphraseMakesNoBackup() throws Exception {
    assertThatThrownBy(() -> gateway().write(backup, passphrase("seven77"), NOW))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("less than 8 characters");
    assertThat(backup).doesNotExist();
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files).containsExactly(machine);
    }
  }

  @Test
  void theFileIsForItsOwnerAloneAndHoldsNothingInClear() throws Exception {
    write();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
        .isEqualTo("rw-------");
    assertThat(new String(Files.readAllBytes(backup), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("secret", "PrivateKey", "wg0", "admin");
  }

  /** Settings that say where this machine has its directories. */
  private String settings(String tunnels) {
    return "gatehouse.tunnels.directory="
        + machine.resolve(tunnels)
        + "\ngatehouse.state.directory="
        + machine.resolve("state")
        + "\n";
  }

  /** With little work between passphrase and key, so that many can be opened. */
  private void write() throws Exception {
    gateway().write(backup, Header.Keyed.of(passphrase(RIGHT), 8, 1, 1), NOW);
  }

  private void refuses(String passphrase, String message) throws Exception {
    Map<String, String> before = content();
    assertThatThrownBy(() -> gateway().stage(backup, passphrase(passphrase), false))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining(message);
    assertThat(content()).isEqualTo(before);
    assertThat(GatewayBackup.waits(machine.resolve("state"))).isFalse();
  }

  private GatewayBackup gateway() {
    return new GatewayBackup(
        new GatewayBackup.Machine(
            machine.resolve("etc/gatehouse.properties"),
            new Directories(machine.resolve("tunnels"), machine.resolve("state")),
            Optional.of(machine.resolve("state/console"))),
        "1.0",
        GatewayBackupTest::look);
  }

  private static Directories look(Path file) throws BackupException {
    Properties settings = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      settings.load(reader);
    } catch (IOException e) {
      throw new BackupException(String.valueOf(e.getMessage()));
    }
    return new Directories(
        Path.of(settings.getProperty("gatehouse.tunnels.directory")),
        Path.of(settings.getProperty("gatehouse.state.directory")));
  }

  private void put(String name, String text, String permissions) throws IOException {
    Path file = machine.resolve(name);
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    Files.write(file, text.getBytes(UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  /** Every file and link with what it is, by its name. */
  private Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(machine)) {
      for (Path file : files.toList()) {
        String name = machine.relativize(file).toString();
        if (Files.isSymbolicLink(file)) {
          content.put(name, "link to " + Files.readSymbolicLink(file));
        } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          Set<?> permissions = Files.getPosixFilePermissions(file);
          content.put(
              name,
              permissions
                  + " "
                  + Files.getLastModifiedTime(file).toMillis()
                  + " "
                  + Files.readString(file));
        }
      }
    }
    return content;
  }

  private static Passphrase passphrase(String text) {
    return Passphrase.of(text.toCharArray());
  }
}
