// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What we take and refuse, held against {@code wg-quick strip} and {@code wg setconf} on an
 * interface of wireguard-go in a network namespace of its own. Needs root, /dev/net/tun,
 * wireguard-tools and wireguard-go.
 */
class StockToolsIT {
  private static final String NAME = "ghs" + ProcessHandle.current().pid();

  @TempDir private static Path directory;
  private static Process wireguardGo;

  @BeforeAll
  static void makeInterface() throws IOException, InterruptedException {
    assertThat(run(List.of("ip", "netns", "add", NAME)))
        .as("making a namespace needs root")
        .isZero();
    wireguardGo =
        new ProcessBuilder("ip", "netns", "exec", NAME, "wireguard-go", "-f", NAME)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("wireguard-go.log").toFile())
            .start();
    Path socket = Path.of("/var/run/wireguard", NAME + ".sock");
    for (int i = 0; i < 200 && !Files.exists(socket); i++) {
      assertThat(wireguardGo.isAlive()).isTrue();
      Thread.sleep(50);
    }
    assertThat(socket).exists();
  }

  @AfterAll
  static void removeInterface() throws IOException, InterruptedException {
    if (wireguardGo != null) {
      wireguardGo.destroy();
      wireguardGo.waitFor();
    }
    assertThat(run(List.of("ip", "netns", "delete", NAME))).isZero();
  }

  @Test
  void theyTakeEveryDialectThatWeTake() throws IOException, InterruptedException {
    for (String dialect : Dialects.names()) {
      // A name and a zone that cannot be resolved here are no matter of syntax.
      if (!dialect.equals("endpoints")) {
        assertThat(taken(Dialects.bytes(dialect))).as(dialect).isTrue();
      }
    }
  }

  @Test
  void theyRefuseWhatWeRefuseExceptWhereWeAreStricterOnPurpose()
      throws IOException, InterruptedException {
    List<String> different = new ArrayList<>();
    for (BadInput bad : BadInput.all()) {
      if (taken(bad.bytes()) != bad.stockTakesIt()) {
        different.add(bad.text());
      }
    }
    assertThat(different).isEmpty();
  }

  @Test
  void theyReadThePeersAsWeDo() throws IOException, InterruptedException {
    for (String dialect : List.of("merged", "spaced-out", "pivpn", "shouting", "nul")) {
      assertThat(taken(Dialects.bytes(dialect))).isTrue();
      StringBuilder expected = new StringBuilder();
      for (PeerConfig peer : Dialects.file(dialect).config().orElseThrow().peers()) {
        expected.append(peer.publicKey()).append('\t');
        expected.append(
            String.join(" ", peer.allowedIps().stream().map(Prefix::toString).toList()));
        expected.append('\n');
      }
      Path out = directory.resolve("allowed-ips");
      assertThat(
              new ProcessBuilder("wg", "show", NAME, "allowed-ips")
                  .redirectOutput(out.toFile())
                  .start()
                  .waitFor())
          .isZero();
      assertThat(sorted(Files.readString(out))).isEqualTo(sorted(expected.toString()));
    }
  }

  private static boolean taken(byte[] file) throws IOException, InterruptedException {
    Path conf = directory.resolve("wg0.conf");
    Path stripped = directory.resolve("stripped");
    Files.write(conf, file);
    Process strip =
        new ProcessBuilder("wg-quick", "strip", conf.toString())
            .redirectOutput(stripped.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return strip.waitFor() == 0 && run(List.of("wg", "setconf", NAME, stripped.toString())) == 0;
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " hangs");
    }
    return process.exitValue();
  }

  /** Lines by key, prefixes of a line by text: the order is theirs to choose. */
  private static List<String> sorted(String text) {
    return text.lines()
        .map(line -> line.substring(0, 45) + sortedWords(line.substring(45)))
        .sorted()
        .toList();
  }

  private static String sortedWords(String words) {
    return String.join(" ", List.of(words.split(" ", -1)).stream().sorted().toList());
  }
}
