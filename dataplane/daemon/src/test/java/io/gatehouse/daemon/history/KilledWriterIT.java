// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import static io.gatehouse.daemon.history.States.TIME;
import static io.gatehouse.daemon.history.States.because;
import static io.gatehouse.daemon.history.States.files;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 while the history is written, packed and shortened: it opens, and nothing is missing. */
class KilledWriterIT {
  private static final int KILLS = 10;

  /** So little that it is packed and shortened all the time. */
  private static final long LIMIT = 96 << 10;

  @TempDir private Path path;

  /** Writes one state after the other for ever, and says the id of each that is written. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] words) throws Exception {
      Random random = new Random();
      byte[] noise = new byte[6000];
      try (History history = new History(Path.of(words[0]), LIMIT)) {
        while (true) {
          random.nextBytes(noise);
          String text = "# " + Base64.getEncoder().encodeToString(noise) + "\n";
          System.out.println(
              history
                  .record(files("wg0.conf", text), because("noise"), TIME)
                  .get(60, TimeUnit.SECONDS));
        }
      }
    }
  }

  @Test
  void whatWasWrittenIsThereWheneverTheWriterIsKilled() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path directory = path.resolve("history");
    for (int i = 0; i < KILLS; i++) {
      String last = writeAndKill(directory, 1 + random.nextInt(40));
      try (History history = new History(directory, LIMIT)) {
        List<String> ids =
            history.list(new RevisionRange("", 500)).revisions().stream()
                .map(Revision::id)
                .toList();
        assertThat(ids).as("kill %d of seed %d", i, seed).contains(last);
        Path state = directory.resolve("last-state");
        if (Files.exists(state) && Files.size(state) > 0) {
          assertThat(Files.readString(state))
              .as("the last state of kill %d of seed %d is the newest", i, seed)
              .endsWith(ids.getFirst() + "\n");
        }
        for (String id : ids) {
          assertThat(history.files(id)).hasSize(1);
        }
        assertThat(git(directory, "fsck", "--full", "--strict", "--no-dangling"))
            .as("kill %d of seed %d", i, seed)
            .isEmpty();
        assertThat(
                history
                    .record(files("wg1.conf", "# " + i + "\n"), because("after"), TIME)
                    .get(60, TimeUnit.SECONDS))
            .isNotEqualTo(last);
      }
    }
  }

  /** The last state that it said was written. */
  private static String writeAndKill(Path directory, int states) throws IOException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:TieredStopAtLevel=1",
                Writer.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader said = writer.inputReader(UTF_8)) {
      String last = "";
      for (int i = 0; i < states; i++) {
        last = said.readLine();
        assertThat(last).as("the writer ended by itself").isNotNull();
      }
      // By its handle: the process would close the stream as well.
      assertThat(writer.toHandle().destroyForcibly()).isTrue();
      // What it still said in its last moments counts, too.
      for (String more = said.readLine(); more != null; more = said.readLine()) {
        last = more.length() == 40 ? more : last;
      }
      return last;
    } finally {
      writer.destroyForcibly();
    }
  }

  private static String git(Path directory, String... words) throws Exception {
    List<String> line = new ArrayList<>(List.of("git", "-C", directory.toString()));
    line.addAll(List.of(words));
    Process git = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(git.getInputStream().readAllBytes(), UTF_8);
    assertThat(git.waitFor()).as(said).isZero();
    return said;
  }
}
