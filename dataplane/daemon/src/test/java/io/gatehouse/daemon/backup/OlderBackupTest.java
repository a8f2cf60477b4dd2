// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.Passphrase;
import io.gatehouse.daemon.backup.GatewayBackup.Directories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was backed up once can be restored for good. The file was written by the first Gatehouse
 * that made backups (commit 3971698), not by what reads it here.
 */
class OlderBackupTest {
  @TempDir Path machine;

  @Test
  void theFirstFormatStillGivesTheSameGateway() throws Exception {
    Path backup = machine.resolve("format-1.backup");
    try (InputStream written = OlderBackupTest.class.getResourceAsStream("format-1.backup")) {
      Files.copy(written, backup);
    }
    Path state = machine.resolve("state");
    Directories directories = new Directories(machine.resolve("tunnels"), state);
    GatewayBackup gateway =
        new GatewayBackup(
            new GatewayBackup.Machine(
                machine.resolve("etc/gatehouse.properties"),
                directories,
                Optional.of(state.resolve("console"))),
            "9.0",
            _ -> directories);

    GatewayBackup.Report report =
        gateway.stage(backup, Passphrase.of("correct horse battery".toCharArray()), false);
    assertThat(GatewayBackup.finish(state, Instant.EPOCH)).isEmpty();

    assertThat(report.made()).isEqualTo(Instant.parse("2026-11-28T12:00:00Z"));
    assertThat(report.left()).isEmpty();
    Files.delete(backup);
    assertThat(content())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "etc/gatehouse.properties",
                "rw-r--r-- gatehouse.log.level=FINE\n",
                "etc/conf.d/10-metrics.properties",
                "rw-r----- gatehouse.metrics.address=127.0.0.1:9586\n",
                "tunnels/wg0.conf",
                """
                rw------- [Interface]
                PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=
                Address = 10.0.0.1/24
                ListenPort = 51820
                """,
                "tunnels/wg1.conf",
                "link to /mnt/wg1.conf",
                "state/peer-numbers",
                "rw------- 1 key\n",
                "state/history/HEAD",
                "r--r--r-- ref: refs/heads/main\n",
                "state/console/users",
                "rw------- admin"));
    assertThat(Files.getLastModifiedTime(machine.resolve("tunnels/wg0.conf")).toInstant())
        .isEqualTo(Instant.parse("2026-11-28T11:00:00Z"));
  }

  private Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(machine)) {
      for (Path file : files.toList()) {
        String name = machine.relativize(file).toString();
        if (Files.isSymbolicLink(file)) {
          content.put(name, "link to " + Files.readSymbolicLink(file));
        } else if (Files.isRegularFile(file)) {
          content.put(
              name,
              PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                  + " "
                  + Files.readString(file));
        }
      }
    }
    return content;
  }
}
