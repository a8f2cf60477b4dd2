// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.PRIVATE_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.daemon.tunnels.Hooks.Moment;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.OwnValues;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.TunnelConfig.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lines of a file in a real bash, as wg-quick would have run them. */
@Timeout(60)
class BashHooksTest {
  private static final InterfaceName WG0 = new InterfaceName("wg0");
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @Test
  void linesRunInOrderWithTheInterfaceForPercentI() throws IOException {
    assertThat(run("echo one %i >> out", "echo two %i%i >> out; echo 3 >> out")).isEmpty();
    assertThat(directory.resolve("out")).content().isEqualTo("one wg0\ntwo wg0wg0\n3\n");
  }

  @Test
  void eachLineIsABashOfItsOwnWithTheOptionsOfWgQuick() throws IOException {
    assertThat(run("x=1; cd /; set -f", "echo \"[$x] $PWD $-\" > out; shopt -q extglob")).isEmpty();
    assertThat(directory.resolve("out")).content().startsWith("[] ").doesNotContain("f");
    assertThat(run("echo 'it''s \\ \"$(echo a b)\"' \\'$'\\x41' > out")).isEmpty();
    assertThat(directory.resolve("out")).hasContent("its \\ \"$(echo a b)\" 'A");
    // The first failure inside a line ends it, in a pipe as well.
    assertThat(run("false; touch after")).isPresent();
    assertThat(run("false | true; touch after")).isPresent();
    assertThat(run("if false; then touch after; fi")).isEmpty();
    assertThat(directory.resolve("after")).doesNotExist();
  }

  @Test
  void octetsOfOtherLanguagesComeThroughAsTheyAreInTheFile() throws IOException {
    byte[] name = "Z\u00fcrich".getBytes(StandardCharsets.UTF_8);
    assertThat(run("echo -n " + new String(name, StandardCharsets.ISO_8859_1) + " > out"))
        .isEmpty();
    assertThat(directory.resolve("out")).hasBinaryContent(name);
  }

  @Test
  void aFailureEndsTheMomentAndSaysWhatTheLineSaid() {
    assertThat(run("echo so sorry >&2; exit 3", "touch after"))
        .hasValueSatisfying(
            why -> assertThat(why).contains("PostUp = ", "exit status 3", "so sorry"));
    assertThat(directory.resolve("after")).doesNotExist();
  }

  @Test
  void theEnvironmentIsSmallAndThereIsNoInput() throws IOException {
    assertThat(run("cat > in; export -p > out")).isEmpty();
    assertThat(directory.resolve("in")).isEmptyFile();
    assertThat(Files.readAllLines(directory.resolve("out")))
        .allMatch(line -> line.matches("declare -x (PATH|LC_ALL|PWD|OLDPWD|SHLVL)\\b.*"))
        .contains("declare -x LC_ALL=\"C\"");
  }

  @Test
  void whenTimeIsOverTheWholeProcessGroupIsKilled() throws IOException {
    assertThat(
            run(
                Duration.ofSeconds(1),
                "trap '' TERM; (trap '' TERM; echo $BASHPID > child; while :; do sleep 60; done) & wait"))
        .hasValueSatisfying(why -> assertThat(why).contains("takes longer than 1.0 s"));
    long child = Long.parseLong(Files.readString(directory.resolve("child")).strip());
    assertThat(isRunning(child)).isFalse();
  }

  @Test
  void theTimeIsForAllLinesOfAMomentTogether() {
    assertThat(run(Duration.ofSeconds(1), "sleep 0.7", "sleep 0.7; touch after")).isPresent();
    assertThat(directory.resolve("after")).doesNotExist();
  }

  @Test
  void whatStaysInTheBackgroundIsNotWaitedForAndMayGoOnWriting() throws IOException {
    assertThat(
            run("(until [ -e go ]; do sleep 0.05; done; echo one; echo two; touch wrote) & true"))
        .isEmpty();
    assertThat(directory.resolve("wrote")).doesNotExist();
    Files.createFile(directory.resolve("go"));
    for (int i = 0; i < 400 && !Files.exists(directory.resolve("wrote")); i++) {
      pause();
    }
    assertThat(directory.resolve("wrote")).exists();
  }

  @Test
  void muchOutputNeitherBlocksNorFails() {
    assertThat(run("head -c 3000000 /dev/zero | tr '\\0' x; seq 200000", "true")).isEmpty();
  }

  @Test
  void aLineThatRunsCanBeEnded() {
    CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
    BashHooks hooks = new BashHooks(Runnable::run, LONG);
    hooks.run(WG0, Moment.POST_UP, config("touch started; sleep 60"), answer::complete);
    while (!Files.exists(directory.resolve("started"))) {
      pause();
    }
    hooks.cancel(WG0);
    assertThat(answer.join()).isPresent();
  }

  @Test
  void withoutLinesItIsOverAtOnce() {
    CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
    new BashHooks(Runnable::run, LONG)
        .run(WG0, Moment.PRE_DOWN, config("exit 1"), answer::complete);
    assertThat(answer).isCompletedWithValue(Optional.empty());
  }

  private Optional<String> run(String... lines) {
    return run(LONG, lines);
  }

  private Optional<String> run(Duration limit, String... lines) {
    CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
    new BashHooks(Runnable::run, limit).run(WG0, Moment.POST_UP, config(lines), answer::complete);
    return answer.join();
  }

  /** Lines run in the directory of the test, which is set by the lines themselves. */
  private TunnelConfig config(String... lines) {
    return new TunnelConfig(
        Optional.of(io.gatehouse.wgquick.SecretKey.parse(PRIVATE_KEY)),
        OptionalInt.empty(),
        OptionalInt.empty(),
        List.of(),
        List.of(),
        OptionalInt.empty(),
        new Table.Auto(),
        List.of(),
        List.of(lines).stream().map(line -> "cd " + directory + "; " + line).toList(),
        List.of(),
        List.of(),
        false,
        OwnValues.NONE,
        List.of(),
        List.of());
  }

  private static boolean isRunning(long pid) {
    try {
      // A zombie is dead, only not yet reaped.
      return !Files.readString(Path.of("/proc/" + pid + "/stat")).matches("(?s).*\\) Z .*");
    } catch (IOException e) {
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
