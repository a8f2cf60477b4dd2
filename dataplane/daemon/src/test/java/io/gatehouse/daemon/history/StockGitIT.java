// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import static io.gatehouse.daemon.history.States.TIME;
import static io.gatehouse.daemon.history.States.because;
import static io.gatehouse.daemon.history.States.files;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stock git finds nothing wrong with the history, and reads it. */
class StockGitIT {
  @TempDir private Path path;

  @Test
  void readsAndApprovesOfIt() throws Exception {
    try (History history = new History(path.resolve("history"), 1 << 20)) {
      String first = record(history, "One tunnel", "wg0.conf", "a\n");
      record(history, "Two tunnels", "wg0.conf", "a\n", "wg1.conf", "b\n");
      assertThat(git("log", "--format=%an|%s|%aI|%b"))
          .isEqualTo(
              """
              alice|Two tunnels|2026-01-02T03:04:05+00:00|Source: command line

              alice|One tunnel|2026-01-02T03:04:05+00:00|Source: command line

              """);
      assertThat(git("show", first + ":wg0.conf")).isEqualTo("a\n");
      assertThat(git("rev-parse", "HEAD^{tree}"))
          .as("our own computation")
          .isEqualTo(GitTree.id(files("wg0.conf", "a\n", "wg1.conf", "b\n")) + "\n");
      assertThat(git("fsck", "--full", "--strict", "--no-dangling")).isEmpty();
    }
  }

  @Test
  void approvesOfItAfterOldRevisionsWereDropped() throws Exception {
    Random random = new Random(2);
    byte[] noise = new byte[6000];
    List<String> ids = new ArrayList<>();
    try (History history = new History(path.resolve("history"), 128 << 10)) {
      for (int i = 0; i < 60; i++) {
        random.nextBytes(noise);
        String text = "# " + Base64.getEncoder().encodeToString(noise) + "\n";
        ids.add(record(history, "no. " + i, "wg0.conf", text));
      }
    }
    assertThat(git("fsck", "--full", "--strict", "--no-dangling")).isEmpty();
    int kept = Integer.parseInt(git("rev-list", "--count", "HEAD").strip());
    assertThat(kept).isBetween(5, 40);
    assertThat(git("rev-parse", "HEAD")).isEqualTo(ids.getLast() + "\n");
    // And after stock git has packed it in its own way, it goes on.
    git("gc", "--quiet", "--prune=now");
    try (History history = new History(path.resolve("history"), 128 << 10)) {
      record(history, "after", "wg0.conf", "a\n");
    }
    assertThat(git("fsck", "--full", "--strict", "--no-dangling")).isEmpty();
    assertThat(Integer.parseInt(git("rev-list", "--count", "HEAD").strip())).isEqualTo(kept + 1);
  }

  private static String record(History history, String message, String... namesAndTexts)
      throws Exception {
    return history.record(files(namesAndTexts), because(message), TIME).get(60, TimeUnit.SECONDS);
  }

  private String git(String... words) throws Exception {
    List<String> line = new ArrayList<>(List.of("git", "-C", path.resolve("history").toString()));
    line.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("HOME", path.toString());
    Process git = builder.start();
    String said = new String(git.getInputStream().readAllBytes(), UTF_8);
    assertThat(git.waitFor()).as(String.join(" ", line) + "\n" + said).isZero();
    return said;
  }
}
