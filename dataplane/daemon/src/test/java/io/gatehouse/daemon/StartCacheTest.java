// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Java does not look whether the jars are those that a start cache was made of, so {@code
 * install/lib.sh} does: otherwise old classes would run beside new ones.
 */
class StartCacheTest {
  private static final FileTime THEN = FileTime.fromMillis(1_767_225_600_000L);

  @TempDir private Path home;
  private Path daemon;
  private Path protocol;

  @BeforeEach
  void build() throws IOException {
    Files.createDirectory(home.resolve("lib"));
    daemon = write("gatehouse-daemon-1.jar", "main");
    protocol = write("lib/gatehouse-protocol-1.jar", "part");
    write("lib/other-1.0.jar", "of others");
  }

  @Test
  void theSameJarsHaveTheSameCache() throws Exception {
    String cache = cache("dataplane.jvm");
    assertThat(cache).startsWith(home + "/dataplane-").endsWith(".aot");
    Files.setLastModifiedTime(daemon, FileTime.fromMillis(0));
    assertThat(cache("dataplane.jvm")).isEqualTo(cache);
  }

  @Test
  void anotherJarHasAnotherOneHoweverOldAndLargeItIs() throws Exception {
    String cache = cache("dataplane.jvm");
    write("gatehouse-daemon-1.jar", "niam");
    assertThat(cache("dataplane.jvm")).isNotEqualTo(cache);
    write("gatehouse-daemon-1.jar", "main");
    assertThat(cache("dataplane.jvm")).isEqualTo(cache);
    write(home.relativize(protocol).toString(), "trap");
    assertThat(cache("dataplane.jvm")).isNotEqualTo(cache);
  }

  @Test
  void soHaveAnotherLibraryAndOtherWords() throws Exception {
    String cache = cache("dataplane.jvm");
    assertThat(cache("command.jvm")).startsWith(home + "/command-");
    Files.move(home.resolve("lib/other-1.0.jar"), home.resolve("lib/other-1.1.jar"));
    assertThat(cache("dataplane.jvm")).isNotEqualTo(cache);
  }

  private Path write(String name, String content) throws IOException {
    Path file = Files.writeString(home.resolve(name), content);
    return Files.setLastModifiedTime(file, THEN);
  }

  private String cache(String words) throws IOException, InterruptedException {
    Path lib = Path.of("").toAbsolutePath().resolve("../../install/lib.sh").normalize();
    Process shell =
        new ProcessBuilder(
                "bash",
                "-c",
                ". \"$0\"; DATAPLANE_HOME=$1 START_CACHES=$1; start_cache \"$2\"",
                lib.toString(),
                home.toString(),
                words)
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertThat(shell.waitFor()).as(said).isZero();
    return said;
  }
}
