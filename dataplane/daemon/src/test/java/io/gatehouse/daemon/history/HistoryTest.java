// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import static io.gatehouse.daemon.history.States.TIME;
import static io.gatehouse.daemon.history.States.because;
import static io.gatehouse.daemon.history.States.files;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionList;
import io.gatehouse.control.RevisionRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The states of a directory, one after the other. */
class HistoryTest {
  private static final String PRIVATE = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
  private static final String OTHER = "gN65BkIKy1eCE9pP1wdc8ROUtkHLF2PfAqYdyYBz6EA=";
  private static final String PUBLIC = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

  @TempDir private Path path;
  private Path directory;
  private History history;

  @BeforeEach
  void start() {
    directory = path.resolve("history");
    history = new History(directory, 64 << 20);
  }

  @AfterEach
  void stop() {
    history.close();
  }

  @Test
  void aStateIsARevisionWithAuthorTimeSourceAndMessage() throws Exception {
    String id = record("one wg0\n<b>", "wg0.conf", "a\n", "wg1.conf", "b\n");
    Revision revision = history.revision(id);
    assertThat(revision)
        .isEqualTo(
            new Revision(
                id,
                TIME.getEpochSecond(),
                "alice",
                ChangeSource.COMMAND_LINE,
                "one wg0 <b>",
                List.of("wg0.conf", "wg1.conf")));
    assertThat(history.revision("HEAD")).isEqualTo(revision);
    assertThat(history.revision(id.substring(0, 7))).isEqualTo(revision);
  }

  @Test
  void theSameStateIsNoNewRevisionAlsoForAnotherProcess() throws Exception {
    String first = record("one", "wg0.conf", "a\n");
    assertThat(record("again", "wg0.conf", "a\n")).isEqualTo(first);
    history.close();
    history = new History(directory, 64 << 20);
    assertThat(record("again", "wg0.conf", "a\n")).isEqualTo(first);
    Files.delete(directory.resolve("last-state"));
    assertThat(record("again", "wg0.conf", "a\n")).isEqualTo(first);
    assertThat(record("back", "wg0.conf", "b\n")).isNotEqualTo(first);
    assertThat(record("and forth", "wg0.conf", "a\n")).isNotEqualTo(first);
    assertThat(list("", 10).revisions()).hasSize(3);
  }

  @Test
  void itIsReadPageByPage() throws Exception {
    assertThat(list("", 2).revisions()).isEmpty();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(record("no. " + i, "wg0.conf", "# " + i + "\n"));
    }
    List<String> seen = new ArrayList<>();
    RevisionList page = list("", 2);
    while (true) {
      page.revisions().forEach(revision -> seen.add(revision.id()));
      if (!page.more()) {
        break;
      }
      assertThat(page.revisions()).hasSize(2);
      page = list(page.revisions().getLast().id(), 2);
    }
    assertThat(seen).isEqualTo(ids);
  }

  @Test
  void whatIsNoRevisionIsSaid() throws Exception {
    assertThatThrownBy(() -> history.revision("HEAD")).isInstanceOf(NoSuchRevisionException.class);
    record("one", "wg0.conf", "a\n");
    for (String none :
        List.of(
            "",
            "HEAD~1",
            "0000",
            "0123456789012345678901234567890123456789",
            "HEAD:wg0.conf",
            "main",
            "../x",
            "HEAD^{tree}",
            "@{-1}",
            "abc")) {
      assertThatThrownBy(() -> history.revision(none))
          .as(none)
          .isInstanceOf(NoSuchRevisionException.class)
          .hasMessageContaining("\"" + none + "\"");
    }
  }

  @Test
  void aDifferenceShowsChangedSecretsAsChangedLinesAndNoSecret() throws Exception {
    String text =
        "[Interface]\nPrivateKey = %s\n[Peer]\nPublicKey = "
            + PUBLIC
            + "\n#PresharedKey=%s\nPostUp = wg set %%i private-key <(echo %s)\n";
    String first = record("one", "wg0.conf", text.formatted(PRIVATE, PRIVATE, PRIVATE));
    String second = record("two", "wg0.conf", text.formatted(OTHER, OTHER, OTHER));
    assertThat(history.diff(first, second))
        .contains(
            "--- a/wg0.conf\n+++ b/wg0.conf\n",
            "-PrivateKey = (hidden)\n+PrivateKey = (hidden)\n",
            "-#PresharedKey=(hidden)\n",
            "+#PresharedKey=(hidden)\n",
            " PublicKey = " + PUBLIC + "\n")
        .doesNotContain(PRIVATE, OTHER);
    assertThat(history.diff(second)).isEqualTo(history.diff(first, second));
    assertThat(history.diff(first)).contains("+PrivateKey = (hidden)\n").doesNotContain(PRIVATE);
    assertThat(history.diff(first, first)).isEmpty();
    assertThat(history.files(first).get("wg0.conf"))
        .isEqualTo(text.formatted(PRIVATE, PRIVATE, PRIVATE).getBytes(UTF_8));
  }

  @Test
  void filesThatComeAndGoAreInTheDifference() throws Exception {
    String first = record("one", "wg0.conf", "a\n");
    String second = record("two", "wg1.conf", "b\n");
    assertThat(history.revision(second).files()).containsExactly("wg0.conf", "wg1.conf");
    assertThat(history.diff(first, second)).contains("deleted file", "-a\n", "new file", "+b\n");
    String none = record("none");
    assertThat(history.files(none)).isEmpty();
  }

  @Test
  void aVeryLongDifferenceIsCutOff() throws Exception {
    String first = record("one", "wg0.conf", "a\n");
    String second = record("two", "wg0.conf", "# 0123456789\n".repeat(500_000));
    assertThat(history.diff(first, second))
        .hasSizeLessThan(5 << 20)
        .endsWith("and more, which git shows\n");
  }

  @Test
  void onlyItsOwnerReadsIt() throws Exception {
    record("one", "wg0.conf", "a\n");
    history.close();
    try (var all = Files.walk(directory)) {
      for (Path file : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .endsWith("------");
      }
    }
  }

  @Test
  void whatAKilledProcessLeavesIsInNobodysWay() throws Exception {
    String first = record("one", "wg0.conf", "a\n");
    history.close();
    for (String left :
        List.of(
            "HEAD.lock",
            "refs/heads/main.lock",
            "shallow.lock",
            "objects/noz123.tmp",
            "objects/pack/gc_123.pack_tmp",
            "gc.pid",
            "config.lock",
            "packed-refs.lock")) {
      Files.writeString(directory.resolve(left), "left");
    }
    Files.createDirectories(path.resolve("history.new/objects"));
    history = new History(directory, 64 << 20);
    String second = record("two", "wg0.conf", "b\n");
    assertThat(list("", 10).revisions()).extracting(Revision::id).containsExactly(second, first);
    assertThat(directory.resolve("objects/noz123.tmp")).doesNotExist();
  }

  @Test
  void aHistoryThatWasHardlyBegunIsBegunAgain() throws Exception {
    Files.createDirectories(directory.resolve("objects"));
    record("one", "wg0.conf", "a\n");
    assertThat(list("", 10).revisions()).hasSize(1);
  }

  @Test
  void whereItCannotBeWrittenTheCallerHearsOfItAndNothingElseHappens() throws IOException {
    Files.writeString(path.resolve("file"), "no directory");
    try (History none = new History(path.resolve("file/history"), 1 << 20)) {
      assertThat(none.record(files("wg0.conf", "a\n"), because("one"), TIME))
          .failsWithin(30, TimeUnit.SECONDS)
          .withThrowableThat()
          .havingRootCause()
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void itStaysSmallAndDropsTheOldestOnly() throws Exception {
    history.close();
    long limit = 256 << 10;
    history = new History(directory, limit);
    Random random = new Random(1);
    byte[] noise = new byte[6000];
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      random.nextBytes(noise);
      ids.addFirst(
          record("no. " + i, "wg0.conf", "# " + Base64.getEncoder().encodeToString(noise) + "\n"));
    }
    history.close();
    assertThat(octets()).isLessThan(limit);
    history = new History(directory, limit);
    List<String> kept = list("", 500).revisions().stream().map(Revision::id).toList();
    assertThat(kept).hasSizeBetween(10, 60).isEqualTo(ids.subList(0, kept.size()));
    assertThatThrownBy(() -> history.revision(ids.getLast()))
        .isInstanceOf(NoSuchRevisionException.class);
    // Everything that is left can be read.
    for (String id : kept) {
      assertThat(history.files(id)).hasSize(1);
    }
  }

  @Test
  void aRevisionThatMayBeGoneBackToIsNotDropped() throws Exception {
    history.close();
    history = new History(directory, 64 << 10);
    Random random = new Random(1);
    byte[] noise = new byte[6000];
    String first = record("one", "wg0.conf", "a\n");
    history.pin(java.util.Optional.of(first));
    for (int i = 0; i < 30; i++) {
      random.nextBytes(noise);
      record("no. " + i, "wg0.conf", "# " + Base64.getEncoder().encodeToString(noise) + "\n");
    }
    assertThat(history.files(first).get("wg0.conf")).isEqualTo("a\n".getBytes(UTF_8));
  }

  @Test
  void nothingOfTheMachinesOwnGitIsAsked() throws Exception {
    record("one", "wg0.conf", "a\n");
    assertThat(org.eclipse.jgit.util.SystemReader.getInstance().getenv("PATH")).isNull();
    org.eclipse.jgit.util.SystemReader machine = org.eclipse.jgit.util.SystemReader.getInstance();
    org.eclipse.jgit.util.FS fs = org.eclipse.jgit.util.FS.DETECTED;
    assertThat(machine.openUserConfig(null, fs).getFile()).isNull();
    assertThat(machine.openSystemConfig(null, fs).getFile()).isNull();
    assertThat(machine.openJGitConfig(null, fs).getFile()).isNull();
  }

  @Test
  void aWordInTheMessageIsNotTakenForTheSource() throws Exception {
    String id =
        history
            .record(
                files("wg0.conf", "a\n"),
                new ChangeOrigin(ChangeSource.REST, "<eve>\n", "x\n\nSource: console"),
                TIME)
            .get(30, TimeUnit.SECONDS);
    assertThat(history.revision(id).source()).isEqualTo(ChangeSource.REST);
    assertThat(history.revision(id).author()).isEqualTo("eve");
  }

  private String record(String message, String... namesAndTexts) throws Exception {
    return history.record(files(namesAndTexts), because(message), TIME).get(60, TimeUnit.SECONDS);
  }

  private RevisionList list(String before, int limit) throws Exception {
    return history.list(new RevisionRange(before, limit));
  }

  private long octets() throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
