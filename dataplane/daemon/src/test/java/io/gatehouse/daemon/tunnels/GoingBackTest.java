// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.wgquick.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory becomes a history, and goes back: when asked, and when nobody confirms. */
class GoingBackTest {
  private static final ChangeOrigin ALICE =
      new ChangeOrigin(ChangeSource.COMMAND_LINE, "alice", "new office");
  private static final String ONE = text("", peer(1, "AllowedIPs = 10.1.0.0/16\n"));
  private static final String TWO = ONE + peer(2, "AllowedIPs = 10.2.0.0/16\n");
  private static final String BAD = ONE + "Foo = 1\n";

  @TempDir private Path path;
  private final FakeNetwork network = new FakeNetwork();
  private Instant wallClock = Instant.parse("2026-01-02T03:04:05Z");
  private long monotonic;
  private long looked;
  private Tunnels tunnels;

  @BeforeEach
  void start() throws IOException {
    tunnels = new StartedTunnels(path, network).history(() -> wallClock, () -> monotonic).start();
  }

  @AfterEach
  void stop() {
    tunnels.close();
  }

  @Test
  void filesThatComeTogetherAreOneRevision() throws Exception {
    write("wg0.conf", ONE);
    write("wg1.conf", ONE);
    settle();
    write("wg0.conf", TWO);
    settle();
    Files.delete(path.resolve("tunnels/wg1.conf"));
    settle();
    settle();
    assertThat(revisions())
        .extracting(Revision::message, Revision::source, Revision::files)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "wg1.conf removed", ChangeSource.FILE, List.of("wg1.conf")),
            org.assertj.core.groups.Tuple.tuple("wg0.conf", ChangeSource.FILE, List.of("wg0.conf")),
            org.assertj.core.groups.Tuple.tuple(
                "wg0.conf, wg1.conf", ChangeSource.FILE, List.of("wg0.conf", "wg1.conf")));
    assertThat(revisions().getFirst().author())
        .isEqualTo(Files.getOwner(path.resolve("tunnels")).getName());
  }

  @Test
  void aFileWithAnErrorIsInTheHistoryAsItWasTakenLast() throws Exception {
    write("wg0.conf", ONE);
    settle();
    write("wg0.conf", BAD);
    write("wg1.conf", ONE);
    settle();
    assertThat(revisions()).hasSize(2);
    assertThat(tunnels.history().files("HEAD").get("wg0.conf"))
        .isEqualTo(ONE.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void aRestartWithTheSameFilesIsNoRevision() throws Exception {
    write("wg0.conf", ONE);
    settle();
    tunnels.close();
    start();
    settle();
    assertThat(revisions()).hasSize(1);
  }

  @Test
  void theDirectoryIsRestoredAsAWholeAndWhatWasThereIsKept() throws Exception {
    write("wg0.conf", ONE);
    settle();
    write("wg0.conf", TWO);
    write("wg1.conf", ONE);
    write("bad.conf", BAD);
    settle();
    assertThat(tunnels.restore("HEAD~1", "", ALICE))
        .isEqualTo(new Edit.Restored(List.of("wg0.conf", "wg1.conf"), List.of()));
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(ONE);
    assertThat(path.resolve("tunnels/wg1.conf")).doesNotExist();
    assertThat(path.resolve("tunnels/bad.conf")).as("it is in no revision").hasContent(BAD);
    assertThat(network.interfaces).containsOnlyKeys("wg0");
    assertThat(peers("wg0")).isEqualTo(1);
    settle();
    assertThat(revisions()).hasSize(3);
    assertThat(revisions().getFirst().author()).isEqualTo("alice");
    assertThat(revisions().getFirst().message()).isEqualTo("new office");
    // And forth again.
    assertThat(tunnels.restore("HEAD~1", "", ALICE)).isInstanceOf(Edit.Restored.class);
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(TWO);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path.resolve("tunnels/wg1.conf"))))
        .isEqualTo("rw-------");
    assertThat(network.interfaces).containsOnlyKeys("wg0", "wg1");
  }

  @Test
  void whatIsAskedForIsARevisionOfWhoeverAsked() throws Exception {
    write("wg0.conf", ONE);
    settle();
    ChangeOrigin bob = new ChangeOrigin(ChangeSource.REST, "bob", "for Dora");
    assertThat(tunnels.addPeer("wg0", Confs.config(TWO).peers().getLast(), bob))
        .isInstanceOf(Edit.Done.class);
    network
        .interfaces
        .get("wg0")
        .apply(
            new DeviceChange(
                Optional.empty(), OptionalInt.of(51_999), OptionalInt.empty(), false, List.of()));
    assertThat(tunnels.save("wg0", Confs.ALICE)).isInstanceOf(Edit.Done.class);
    assertThat(revisions())
        .extracting(Revision::author, Revision::source, Revision::message)
        .startsWith(
            org.assertj.core.groups.Tuple.tuple(
                "alice", ChangeSource.CONSOLE, "Running state of wg0 saved"),
            org.assertj.core.groups.Tuple.tuple("bob", ChangeSource.REST, "for Dora"));
  }

  @Test
  void oneFileIsRestoredAlone() throws Exception {
    write("wg0.conf", ONE);
    write("wg1.conf", ONE);
    settle();
    write("wg0.conf", TWO);
    write("wg1.conf", TWO);
    settle();
    assertThat(tunnels.restore("HEAD~1", "wg1.conf", ALICE))
        .isEqualTo(new Edit.Restored(List.of("wg1.conf"), List.of()));
    assertThat(peers("wg0")).isEqualTo(2);
    assertThat(peers("wg1")).isEqualTo(1);
    assertThat(tunnels.restore("HEAD", "", ALICE))
        .isEqualTo(new Edit.Restored(List.of(), List.of()));
    assertThat(revisions()).hasSize(3);
  }

  @Test
  void whatCannotBeRestoredChangesNothing() throws Exception {
    assertThat(codes(tunnels.restore("HEAD", "", ALICE))).containsExactly("NO-SUCH-REVISION");
    write("wg0.conf", text("PostUp = true\n"));
    write("wg1.conf", ONE);
    settle();
    write("wg0.conf", ONE);
    write("wg1.conf", TWO);
    settle();
    assertThat(codes(tunnels.restore("HEAD~9", "", ALICE))).containsExactly("NO-SUCH-REVISION");
    assertThat(codes(tunnels.restore("HEAD", "wg9.conf", ALICE)))
        .containsExactly("NOT-IN-REVISION");
    assertThat(codes(tunnels.restore("HEAD", "../wg0.conf", ALICE)))
        .containsExactly("NOT-IN-REVISION");
    assertThat(codes(tunnels.restore("HEAD~1", "", ALICE)))
        .as("hooks are not for whoever may use the control socket")
        .containsExactly("HOOKS-CHANGED");
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(ONE);
    assertThat(path.resolve("tunnels/wg1.conf")).hasContent(TWO);
    assertThat(revisions()).hasSize(2);
  }

  @Test
  void whereOneFileCannotBeWrittenTheOthersArePutBack() throws Exception {
    write("wg0.conf", ONE);
    write("wg1.conf", ONE);
    settle();
    write("wg0.conf", TWO);
    Files.delete(path.resolve("tunnels/wg1.conf"));
    Files.createDirectory(path.resolve("tunnels/wg1.conf"));
    settle();
    assertThat(codes(tunnels.restore("HEAD", "", ALICE))).containsExactly("NOT-WRITTEN");
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(TWO);
    assertThat(path.resolve("tunnels/wg1.conf")).isDirectory();
  }

  @Test
  void whatNobodyConfirmsGoesBackAtTheDeadlineAndNotBefore() throws Exception {
    write("wg0.conf", ONE);
    settle();
    begin(Duration.ofMinutes(5));
    assertThat(tunnels.status().commit().orElseThrow().deadline())
        .isEqualTo(wallClock.plusSeconds(300).toEpochMilli());
    write("wg0.conf", TWO);
    write("wg1.conf", ONE);
    settle();
    assertThat(revisions().getFirst().author()).isEqualTo("alice");
    assertThat(revisions().getFirst().message()).isEqualTo("new office");
    assertThat(revisions().getFirst().source()).isEqualTo(ChangeSource.FILE);
    pass(Duration.ofSeconds(299));
    assertThat(tunnels.revertIfDue()).isEmpty();
    assertThat(peers("wg0")).isEqualTo(2);
    pass(Duration.ofSeconds(1));
    assertThat(tunnels.revertIfDue())
        .contains(new Edit.Restored(List.of("wg0.conf", "wg1.conf"), List.of()));
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(ONE);
    assertThat(network.interfaces).containsOnlyKeys("wg0");
    assertThat(peers("wg0")).isEqualTo(1);
    assertThat(tunnels.status().commit()).isEmpty();
    assertThat(path.resolve("commit")).doesNotExist();
    assertThat(revisions().getFirst().source()).isEqualTo(ChangeSource.GATEHOUSE);
    assertThat(tunnels.revertIfDue()).isEmpty();
  }

  @Test
  void whatIsConfirmedStays() throws Exception {
    write("wg0.conf", ONE);
    settle();
    begin(Duration.ofMinutes(5));
    write("wg0.conf", TWO);
    settle();
    assertThat(tunnels.confirmCommit()).isInstanceOf(Edit.Commit.class);
    assertThat(codes(tunnels.confirmCommit())).containsExactly("NO-COMMIT");
    assertThat(codes(tunnels.revertCommit())).containsExactly("NO-COMMIT");
    pass(Duration.ofDays(1));
    assertThat(tunnels.revertIfDue()).isEmpty();
    assertThat(peers("wg0")).isEqualTo(2);
  }

  @Test
  void itGoesBackAtOnceWhenAsked() throws Exception {
    write("wg0.conf", text("PostUp = true\n", peer(1, "AllowedIPs = 10.1.0.0/16\n")));
    settle();
    begin(Duration.ofMinutes(5));
    assertThat(codes(tunnels.beginCommit(Duration.ofMinutes(5), ALICE)))
        .containsExactly("COMMIT-WAITS");
    // Also hooks, and a file that now has an error.
    write("wg0.conf", BAD);
    settle();
    assertThat(tunnels.revertCommit())
        .isInstanceOfSatisfying(
            Edit.Restored.class,
            restored -> assertThat(restored.files()).containsExactly("wg0.conf"));
    assertThat(path.resolve("tunnels/wg0.conf")).content().contains("PostUp");
    begin(Duration.ofMinutes(5));
  }

  @Test
  void aChangeThatHasNotSettledYetGoesBackToo() throws Exception {
    write("wg0.conf", ONE);
    settle();
    begin(Duration.ofMinutes(5));
    write("wg0.conf", TWO);
    write("wg1.conf", ONE);
    pass(Duration.ofMinutes(5));
    assertThat(tunnels.revertIfDue())
        .contains(new Edit.Restored(List.of("wg0.conf", "wg1.conf"), List.of()));
    settle();
    assertThat(network.interfaces).containsOnlyKeys("wg0");
    assertThat(tunnels.history().files("HEAD~1")).containsOnlyKeys("wg0.conf", "wg1.conf");
  }

  @Test
  void theDeadlineOutlivesARestart() throws Exception {
    write("wg0.conf", ONE);
    settle();
    begin(Duration.ofMinutes(5));
    write("wg0.conf", TWO);
    settle();
    restart(Duration.ofMinutes(2));
    settle();
    assertThat(tunnels.status().commit()).isPresent();
    assertThat(tunnels.revertIfDue()).isEmpty();
    assertThat(peers("wg0")).isEqualTo(2);
    restart(Duration.ofMinutes(3));
    assertThat(tunnels.revertIfDue()).contains(new Edit.Restored(List.of("wg0.conf"), List.of()));
    settle();
    assertThat(peers("wg0")).isEqualTo(1);
    assertThat(revisions()).hasSize(3);
  }

  @Test
  void aClockThatIsSetBackDoesNotPutItOff() throws Exception {
    write("wg0.conf", ONE);
    settle();
    begin(Duration.ofMinutes(5));
    write("wg0.conf", TWO);
    settle();
    wallClock = wallClock.minus(Duration.ofDays(400));
    monotonic += Duration.ofMinutes(5).toNanos();
    assertThat(tunnels.revertIfDue()).isPresent();
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(ONE);
    begin(Duration.ofMinutes(5));
    wallClock = wallClock.minus(Duration.ofDays(400));
    tunnels.close();
    start();
    monotonic += Duration.ofMinutes(5).toNanos();
    assertThat(tunnels.revertIfDue()).as("never later than it was to last").isPresent();
  }

  @Test
  void aCrashInTheMiddleOfGoingBackIsGoneOnWith() throws Exception {
    write("wg0.conf", ONE);
    write("wg1.conf", ONE);
    settle();
    begin(Duration.ofMinutes(5));
    write("wg0.conf", TWO);
    write("wg1.conf", TWO);
    settle();
    restart(Duration.ofMinutes(5));
    // One of the two was written before the crash.
    write("wg0.conf", ONE);
    assertThat(tunnels.revertIfDue()).contains(new Edit.Restored(List.of("wg1.conf"), List.of()));
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(ONE);
    assertThat(path.resolve("tunnels/wg1.conf")).hasContent(ONE);
  }

  @Test
  void aCommitFileThatSomebodySpoiltKeepsNoTunnelDown() throws Exception {
    tunnels.close();
    Files.writeString(path.resolve("commit"), "{\"revision\": 1}");
    start();
    assertThat(tunnels.status().commit()).isEmpty();
  }

  @Test
  void withoutAHistoryNoCommitBeginsAndTunnelsGoOn() throws Exception {
    Files.writeString(path.resolve("history.new"), "in the way");
    tunnels.close();
    Files.createDirectories(path.resolve("history"));
    Files.writeString(path.resolve("history/HEAD"), "this is no repository");
    start();
    write("wg0.conf", ONE);
    settle();
    assertThat(peers("wg0")).isEqualTo(1);
    assertThat(codes(tunnels.beginCommit(Duration.ofMinutes(5), ALICE)))
        .containsExactly("HISTORY-FAILED");
    assertThat(tunnels.status().commit()).isEmpty();
  }

  private void begin(Duration length) {
    assertThat(tunnels.beginCommit(length, ALICE)).isInstanceOf(Edit.Commit.class);
  }

  /** As far as the wall clock goes: the monotonic one begins anew with the machine. */
  private void restart(Duration down) throws IOException {
    tunnels.close();
    network.interfaces.clear();
    wallClock = wallClock.plus(down);
    monotonic = -1;
    start();
  }

  private void pass(Duration time) {
    wallClock = wallClock.plus(time);
    monotonic += time.toNanos();
  }

  private List<Revision> revisions() throws Exception {
    return tunnels.history().list(new RevisionRange("", 100)).revisions();
  }

  private int peers(String tunnel) {
    return tunnels.status().tunnels().stream()
        .filter(status -> status.name().equals(tunnel))
        .filter(status -> status.state() == TunnelStatus.State.UP)
        .mapToInt(status -> status.peers().size())
        .sum();
  }

  private static List<String> codes(Edit edit) {
    assertThat(edit).isInstanceOf(Edit.Refused.class);
    return edit.findings().stream().map(Finding::code).toList();
  }

  private void write(String name, String text) throws IOException {
    Path file = path.resolve("tunnels").resolve(name);
    Path half = Files.writeString(path.resolve("tunnels/.half"), text);
    Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rw-------"));
    Files.move(half, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private void settle() {
    for (int i = 0; i < 2; i++) {
      looked += TunnelDirectory.SETTLE_NANOS;
      boolean _ = tunnels.onControlThread(() -> tunnels.look(looked));
    }
  }
}
