// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.ALICE;
import static io.gatehouse.daemon.tunnels.Confs.key;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.EditRequest;
import io.gatehouse.control.EditStep;
import io.gatehouse.control.FileCreation;
import io.gatehouse.control.FileRemoval;
import io.gatehouse.control.FileRenaming;
import io.gatehouse.control.FileState;
import io.gatehouse.control.FileStatus;
import io.gatehouse.control.FileSteps;
import io.gatehouse.control.FileText;
import io.gatehouse.control.FileVersion;
import io.gatehouse.control.FileWrite;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.PeerProposal;
import io.gatehouse.control.ProposalRequest;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.check.HostFacts;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are read without their keys, and changed from outside as a whole or not at all. */
class TunnelFilesTest {
  private static final String ONE = text("", peer(1, "AllowedIPs = 10.1.0.0/16\n"));
  private static final String TWO = ONE + peer(2, "AllowedIPs = 10.2.0.0/16\n");

  @TempDir private Path path;
  private final FakeNetwork network = new FakeNetwork();
  private HostFacts machine = HostFacts.UNKNOWN;
  private long looked;
  private Tunnels tunnels;
  private TunnelFiles files;

  @BeforeEach
  void start() throws IOException {
    start(new StartedTunnels(path, network));
  }

  /** As the data plane does it, with checks of all files before they are applied. */
  private void restart(FirstStart first) throws IOException {
    tunnels.close();
    HeldDown heldDown = HeldDown.read(path.resolve("held-down"));
    Admission admission =
        new Admission(
            KnownFiles.read(path.resolve("known-files"), path.resolve("tunnels")),
            heldDown,
            new MachineFacts(ports -> machine, Runnable::run),
            false);
    admission.begin(first, InstantSource.system());
    start(new StartedTunnels(path, network).checked(heldDown, admission));
  }

  private void start(StartedTunnels prepared) throws IOException {
    tunnels = prepared.history().start();
    files = tunnels.files();
  }

  @AfterEach
  void stop() {
    tunnels.close();
  }

  @Test
  void filesAreListedWithWhatCameOfThem() throws Exception {
    drop("wg0.conf", ONE);
    drop("wg1.conf", ONE);
    drop("wg2.conf", ONE);
    settle();
    tunnels.down("wg1");
    drop("wg2.conf", ONE + "Foo = 1\n");
    drop("wg3.conf", "[Interface]\nFoo = 1\n");
    settle();
    assertThat(files.list().files())
        .extracting(FileStatus::name, FileStatus::state, FileStatus::errors)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("wg0.conf", FileState.RUNNING, 0),
            org.assertj.core.groups.Tuple.tuple("wg1.conf", FileState.DOWN, 0),
            org.assertj.core.groups.Tuple.tuple("wg2.conf", FileState.EARLIER, 1),
            org.assertj.core.groups.Tuple.tuple("wg3.conf", FileState.FAILED, 1));
    FileStatus wg0 = files.list().files().getFirst();
    assertThat(wg0.size()).isEqualTo(ONE.length());
    assertThat(wg0.version()).isEqualTo(files.read("wg0.conf").version());
  }

  @Test
  void aFileIsWrittenWithTheKeysThatItHad() throws Exception {
    drop("wg0.conf", ONE);
    settle();
    FileText read = files.read("wg0.conf");
    assertThat(read.text())
        .doesNotContain(Confs.PRIVATE_KEY)
        .contains("PrivateKey = (hidden 1@" + read.version().substring(0, 8) + ")\n");
    assertThat(read.encoding()).isEqualTo("UTF-8");

    FilesChanged changed = write(read, read.text().replace("10.1.0.0/16", "10.9.0.0/16"));

    assertThat(content("wg0.conf")).isEqualTo(ONE.replace("10.1.0.0/16", "10.9.0.0/16"));
    assertThat(changed.files())
        .containsExactly(
            new FileVersion("wg0.conf", files.read("wg0.conf").version(), /* merged= */ false));
    assertThat(changed.diff())
        .contains("-AllowedIPs = 10.1.0.0/16\n+AllowedIPs = 10.9.0.0/16\n")
        .doesNotContain(Confs.PRIVATE_KEY);
    assertThat(allowedIps("wg0")).containsExactly("10.9.0.0/16");
    assertThat(revisions().getFirst().author()).isEqualTo("alice");
    assertThat(revisions().getFirst().source()).isEqualTo(ChangeSource.CONSOLE);
    assertThat(revisions().getFirst().message()).isEqualTo("wg0.conf edited");
    assertThat(revisions()).hasSize(2);
    int changes = network.interfaces.get("wg0").changes.size();
    settle();
    assertThat(network.interfaces.get("wg0").changes).hasSize(changes);
    assertThat(revisions()).hasSize(2);
  }

  @Test
  void aDryRunSaysTheSameAndChangesNothing() throws Exception {
    drop("wg0.conf", ONE);
    settle();
    FileText read = files.read("wg0.conf");
    FilesChanged would =
        files.write(
            new FileWrite(
                "wg0.conf",
                read.version(),
                read.text() + peer(2, "AllowedIPs = 10.1.2.0/24\n"),
                /* dryRun= */ true,
                Optional.empty()),
            ALICE);
    assertThat(would.diff()).contains("+AllowedIPs = 10.1.2.0/24\n");
    assertThat(would.findings())
        .extracting(FindingStatus::code)
        .as("checks that only the whole file makes")
        .contains("ALLOWED-IPS-NESTED");
    assertThat(would.plan().orElseThrow().toString()).contains("10.1.2.0/24");
    assertThat(would.files().getFirst().version()).hasSize(40).isNotEqualTo(read.version());
    assertThat(content("wg0.conf")).isEqualTo(ONE);
    assertThat(revisions()).hasSize(1);
    assertThat(allowedIps("wg0")).containsExactly("10.1.0.0/16");
  }

  @Test
  void whatSomebodyElseChangedMeanwhileIsMergedOrRefused() throws Exception {
    drop("wg0.conf", TWO);
    settle();
    FileText read = files.read("wg0.conf");
    drop("wg0.conf", TWO.replace("10.1.0.0/16", "10.8.0.0/16"));

    FilesChanged changed = write(read, read.text().replace("10.2.0.0/16", "10.9.0.0/16"));

    assertThat(changed.files().getFirst().merged()).isTrue();
    assertThat(content("wg0.conf"))
        .isEqualTo(TWO.replace("10.1.0.0", "10.8.0.0").replace("10.2.0.0", "10.9.0.0"));
    assertThat(revisions())
        .extracting(Revision::source)
        .as("the other's change is a revision before")
        .containsExactly(ChangeSource.CONSOLE, ChangeSource.FILE, ChangeSource.FILE);
    String now = content("wg0.conf");
    assertRefused(
        () -> write(read, read.text().replace("10.1.0.0/16", "10.7.0.0/16")), "MERGE-CONFLICT");
    assertThat(content("wg0.conf")).isEqualTo(now);
    assertRefused(
        () ->
            files.write(
                new FileWrite("wg0.conf", "0".repeat(40), "x", false, Optional.empty()), ALICE),
        "STALE-VERSION");
  }

  @Test
  void aVersionIsKnownFromTheHistoryAfterARestart() throws Exception {
    drop("wg0.conf", TWO);
    settle();
    FileText read = files.read("wg0.conf");
    drop("wg0.conf", TWO.replace("10.1.0.0/16", "10.8.0.0/16"));
    settle();
    tunnels.close();
    start();
    settle();
    write(read, read.text().replace("10.2.0.0/16", "10.9.0.0/16"));
    assertThat(content("wg0.conf")).contains("10.8.0.0/16", "10.9.0.0/16");
  }

  @Test
  void whatWouldDoHarmIsRefusedAndNothingChanges() throws Exception {
    drop("wg0.conf", ONE);
    settle();
    FileText read = files.read("wg0.conf");
    assertRefused(() -> write(read, read.text() + "Foo = 1\n"), "UNKNOWN-KEY");
    assertRefused(
        () -> write(read, read.text() + peer(2, "AllowedIPs = 10.1.0.0/16\n")),
        "ALLOWED-IPS-SHARED");
    assertRefused(
        () -> write(read, read.text().replace("[Peer]", "PostUp = true\n[Peer]")), "HOOKS-CHANGED");
    assertRefused(
        () -> write(read, read.text().replace("PrivateKey = ", "# PublicKey = ")),
        "HIDDEN-KEY-PLACE");
    network.failing = "apply";
    assertRefused(
        () -> write(read, read.text() + peer(2, "AllowedIPs = 10.2.0.0/16\n")), "NOT-APPLIED");
    network.failing = "";
    for (String name : List.of("../wg0.conf", ".wg0.conf", "-wg0.conf", "wg0", "a/b.conf", "")) {
      assertRefused(() -> files.read(name), "FILE-NAME");
    }
    assertRefused(() -> files.read("wg9.conf"), "NO-SUCH-FILE");
    assertThat(content("wg0.conf")).isEqualTo(ONE);
    assertThat(allowedIps("wg0")).containsExactly("10.1.0.0/16");
    assertThat(revisions()).hasSize(1);
  }

  @Test
  void aFileThatIsNotUtf8KeepsItsOctets() throws Exception {
    byte[] latin = ("# caf\u00e9\n" + ONE).getBytes(StandardCharsets.ISO_8859_1);
    Files.write(path.resolve("tunnels/wg0.conf"), latin);
    Files.setPosixFilePermissions(
        path.resolve("tunnels/wg0.conf"), PosixFilePermissions.fromString("rw-------"));
    settle();
    FileText read = files.read("wg0.conf");
    assertThat(read.encoding()).isEqualTo("ISO-8859-1");
    write(read, read.text() + "# \u00fc\n");
    assertThat(Files.readAllBytes(path.resolve("tunnels/wg0.conf")))
        .isEqualTo(("# caf\u00e9\n" + ONE + "# \u00fc\n").getBytes(StandardCharsets.ISO_8859_1));
    FileText again = files.read("wg0.conf");
    assertRefused(() -> write(again, again.text() + "# \u4e2d\n"), "NOT-ENCODABLE");
  }

  @Test
  void aFileIsMadeRenamedAndRemovedWithItsTunnel() throws Exception {
    files.create(
        new FileCreation(
            "wg0.conf",
            "[Interface]\nPrivateKey = (generate)\nListenPort = 51900\n",
            false,
            Optional.empty()),
        ALICE);
    assertThat(network.interfaces).containsOnlyKeys("wg0");
    String text = content("wg0.conf");
    assertThat(text).doesNotContain("(generate)");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path.resolve("tunnels/wg0.conf"))))
        .isEqualTo("rw-------");
    assertRefused(
        () -> files.create(new FileCreation("wg0.conf", "", false, Optional.empty()), ALICE),
        "FILE-EXISTS");

    files.rename(
        new FileRenaming("wg0.conf", "office.conf", Optional.empty(), false, Optional.empty()),
        ALICE);
    assertThat(network.interfaces).containsOnlyKeys("office");
    assertThat(content("office.conf")).isEqualTo(text);
    assertThat(path.resolve("tunnels/wg0.conf")).doesNotExist();

    assertRefused(
        () ->
            files.remove(
                new FileRemoval(
                    "office.conf", Optional.of("0".repeat(40)), false, Optional.empty()),
                ALICE),
        "MERGE-CONFLICT");
    files.remove(new FileRemoval("office.conf", Optional.empty(), false, Optional.empty()), ALICE);
    assertThat(network.interfaces).isEmpty();
    assertThat(revisions())
        .extracting(Revision::message)
        .containsExactly("office.conf removed", "wg0.conf is office.conf now", "wg0.conf made");
  }

  @Test
  void settingsOfSeveralFilesAreEditedTogether() throws Exception {
    drop("wg0.conf", ONE);
    drop("wg1.conf", ONE);
    settle();
    String alice = key(1).toString();
    FilesChanged changed =
        edit(
            steps(
                "wg0.conf",
                new EditStep.AddPeer(
                    key(2).toString(),
                    "Dora",
                    List.of("10.2.0.1/16"),
                    "dora.example:51820",
                    25,
                    Optional.empty()),
                new EditStep.Set(
                    Optional.of(key(2).toString()), "PresharedKey", List.of("(generate)")),
                new EditStep.Set(
                    Optional.of(key(2).toString()),
                    "gatehouse.expires",
                    List.of("2030-12-31T23:59:59Z")),
                new EditStep.Set(Optional.empty(), "ListenPort", List.of("51900"))),
            steps(
                "wg1.conf",
                new EditStep.Rename(alice, "Alice"),
                new EditStep.Add(Optional.of(alice), "AllowedIPs", "10.3.0.0/16"),
                new EditStep.Disable(alice)));
    assertThat(changed.files())
        .extracting(FileVersion::name)
        .containsExactly("wg0.conf", "wg1.conf");
    var dora =
        WgQuickFile.parse("wg0.conf", content("wg0.conf").getBytes(StandardCharsets.UTF_8))
            .config()
            .orElseThrow()
            .peers()
            .getLast();
    assertThat(dora.name()).hasValue("Dora");
    assertThat(dora.presharedKey()).isPresent();
    assertThat(dora.metadata().expires()).isPresent();
    assertThat(changed.diff())
        .contains("+PresharedKey = (hidden)")
        .doesNotContain(dora.presharedKey().orElseThrow().revealBase64());
    assertThat(content("wg1.conf")).contains("#[disabled] [Peer]", "10.3.0.0/16");
    assertThat(allowedIps("wg1")).isEmpty();
    assertThat(revisions()).hasSize(2);
    assertThat(edit(steps("wg1.conf", new EditStep.Disable(alice))).files())
        .as("it is so already")
        .isEmpty();
    assertThat(revisions()).hasSize(2);
  }

  @Test
  void whatTheChecksKnowAFixForIsFixed() throws Exception {
    restart(FirstStart.APPLY);
    drop("wg0.conf", text("", peer(1, "AllowedIPs = 10.1.2.3/16\n")));
    settle();
    FindingStatus finding =
        files.read("wg0.conf").findings().stream()
            .filter(each -> each.code().equals("HOST-BITS"))
            .findFirst()
            .orElseThrow();
    assertThat(finding.fix()).isNotEmpty();
    assertRefused(() -> edit(steps("wg0.conf", new EditStep.Fix("HOST-BITS", 1))), "NO-FIX");
    edit(steps("wg0.conf", new EditStep.Fix(finding.code(), finding.line())));
    assertThat(content("wg0.conf")).isEqualTo(ONE);
  }

  @Test
  void anEditOfSeveralFilesIsMadeWholeOrNotAtAll() throws Exception {
    drop("wg0.conf", ONE);
    drop("wg1.conf", ONE);
    settle();
    EditStep.RemovePeer good = new EditStep.RemovePeer(key(1).toString());
    assertRefused(() -> edit(steps("wg0.conf", good), steps("wg9.conf", good)), "NO-SUCH-FILE");
    assertRefused(
        () ->
            edit(
                steps("wg0.conf", good),
                steps(
                    "wg1.conf", new EditStep.Set(Optional.empty(), "PostUp", List.of("touch /x")))),
        "HOOKS-CHANGED");
    assertRefused(
        () ->
            edit(
                steps("wg0.conf", good),
                steps("wg1.conf", new EditStep.Set(Optional.empty(), "Foo", List.of("1")))),
        "UNKNOWN-KEY");
    assertRefused(
        () ->
            edit(
                steps("wg0.conf", good),
                steps("wg1.conf", new EditStep.Add(Optional.empty(), "AllowedIPs", "::/0"))),
        "EDIT-FORM");
    assertRefused(() -> edit(steps("wg0.conf", good, new EditStep.Enable("no key"))), "PUBLIC-KEY");
    assertRefused(() -> edit(steps("wg0.conf", good), steps("wg0.conf", good)), "FILE-TWICE");
    // The second of two files cannot be applied: the first one goes back, too.
    network.failing = "addRoute";
    assertRefused(
        () ->
            edit(
                steps("wg0.conf", good),
                steps(
                    "wg1.conf",
                    new EditStep.Add(Optional.of(key(1).toString()), "AllowedIPs", "10.7.0.0/16"))),
        "NOT-APPLIED");
    network.failing = "";
    settle();
    assertThat(content("wg0.conf")).isEqualTo(ONE);
    assertThat(content("wg1.conf")).isEqualTo(ONE);
    assertThat(allowedIps("wg0")).containsExactly("10.1.0.0/16");
    assertThat(allowedIps("wg1")).containsExactly("10.1.0.0/16");
    assertThat(revisions()).hasSize(1);
  }

  @Test
  void anEditWithABaseMeetsWhatChangedSince() throws Exception {
    drop("wg0.conf", TWO);
    settle();
    String base = files.read("wg0.conf").version();
    drop("wg0.conf", TWO.replace("10.1.0.0/16", "10.8.0.0/16"));
    settle();
    EditStep.Set first =
        new EditStep.Set(Optional.of(key(1).toString()), "AllowedIPs", List.of("10.7.0.0/16"));
    EditStep.Set second =
        new EditStep.Set(Optional.of(key(2).toString()), "AllowedIPs", List.of("10.9.0.0/16"));
    assertRefused(
        () -> edit(new FileSteps("wg0.conf", Optional.of(base), List.of(first))), "MERGE-CONFLICT");
    assertThat(
            edit(new FileSteps("wg0.conf", Optional.of(base), List.of(second)))
                .files()
                .getFirst()
                .merged())
        .isTrue();
    assertThat(edit(steps("wg0.conf", first)).files().getFirst().merged()).isFalse();
    assertThat(allowedIps("wg0")).containsExactly("10.7.0.0/16", "10.9.0.0/16");
  }

  @Test
  void aTextAndSettingsAreOneEditAndMeetWhatChangedSince() throws Exception {
    drop("wg0.conf", TWO);
    settle();
    FileText read = files.read("wg0.conf");
    drop("wg0.conf", TWO.replace("10.1.0.0/16", "10.8.0.0/16"));
    settle();
    EditStep.Text text = new EditStep.Text(read.text() + "# the end\n");
    EditStep.Rename name = new EditStep.Rename(key(2).toString(), "Porto");
    FilesChanged changed =
        edit(new FileSteps("wg0.conf", Optional.of(read.version()), List.of(text, name)));
    assertThat(changed.files().getFirst().merged()).isTrue();
    assertThat(content("wg0.conf"))
        .contains("10.8.0.0/16", "# friendly_name = Porto\n", "# the end\n")
        .contains(
            TWO.lines().filter(line -> line.startsWith("PrivateKey")).findFirst().orElseThrow());
    assertRefused(() -> edit(steps("wg0.conf", text)), "EDIT-FORM");
    assertRefused(
        () -> edit(new FileSteps("wg0.conf", Optional.of(read.version()), List.of(name, text))),
        "EDIT-FORM");
  }

  @Test
  void aConfirmedCommitTakesEditsBackToo() throws Exception {
    drop("wg0.conf", ONE);
    settle();
    assertThat(tunnels.beginCommit(java.time.Duration.ofMinutes(5), ALICE))
        .isInstanceOf(Edit.Commit.class);
    edit(steps("wg0.conf", new EditStep.RemovePeer(key(1).toString())));
    assertThat(allowedIps("wg0")).isEmpty();
    assertThat(tunnels.revertCommit()).isInstanceOf(Edit.Restored.class);
    assertThat(content("wg0.conf")).isEqualTo(ONE);
  }

  @Test
  void whatCutsOffTheAdministratorIsRefusedAndNotLeftLying() throws Exception {
    machine =
        new HostFacts(
            List.of(),
            List.of(),
            List.of(),
            List.of(new HostFacts.Session("SSH", InetAddress.ofLiteral("198.51.100.7"), "eth0")),
            OptionalInt.empty(),
            Map.of(),
            Map.of(),
            true);
    restart(FirstStart.APPLY);
    tunnels.onControlThread(
        () -> {
          tunnels.refreshFacts();
          return true;
        });
    drop("wg0.conf", ONE);
    settle();
    assertRefused(
        () ->
            edit(
                steps(
                    "wg0.conf",
                    new EditStep.Add(
                        Optional.of(key(1).toString()), "AllowedIPs", "198.51.100.0/24"))),
        "SESSION-CUT-OFF");
    assertThat(content("wg0.conf")).isEqualTo(ONE);
    assertThat(allowedIps("wg0")).containsExactly("10.1.0.0/16");
  }

  @Test
  void aFileThatWaitsForApprovalIsEditedAndWaitsOnAndANewOneNeedsNone() throws Exception {
    drop("wg0.conf", ONE);
    restart(FirstStart.APPROVE);
    settle();
    edit(steps("wg0.conf", new EditStep.Rename(key(1).toString(), "Alice")));
    assertThat(content("wg0.conf")).contains("# friendly_name = Alice");
    assertThat(network.interfaces).isEmpty();
    assertThat(files.list().files().getFirst().state()).isEqualTo(FileState.DOWN);
    files.create(
        new FileCreation(
            "wg1.conf", "[Interface]\nPrivateKey = (generate)\n", false, Optional.empty()),
        ALICE);
    assertThat(network.interfaces).containsOnlyKeys("wg1");
    assertThat(tunnels.approve(List.of())).isInstanceOf(Edit.Approved.class);
    assertThat(network.interfaces).containsOnlyKeys("wg0", "wg1");
  }

  @Test
  void aFileThatIsHeldBackIsNotLetInByAnEditThatLeavesItsErrorThere() throws Exception {
    restart(FirstStart.APPLY);
    drop("wg0.conf", ONE);
    settle();
    drop("wg1.conf", ONE);
    settle();
    assertThat(network.interfaces).containsOnlyKeys("wg0");
    assertRefused(
        () -> edit(steps("wg1.conf", new EditStep.Rename(key(1).toString(), "Alice"))),
        "HELD-BACK");
    assertThat(content("wg1.conf")).isEqualTo(ONE);
    edit(
        steps(
            "wg1.conf",
            new EditStep.Set(
                Optional.of(key(1).toString()), "AllowedIPs", List.of("10.9.0.0/16"))));
    assertThat(network.interfaces).containsOnlyKeys("wg0", "wg1");
  }

  @Test
  void aProposalIsOfTheFileAndTheRunningTunnel() throws Exception {
    drop("wg0.conf", text("Address = 10.0.0.1/24\nListenPort = 51900\n"));
    settle();
    PeerProposal proposal = files.propose(new ProposalRequest("wg0", 1));
    assertThat(proposal.peers().getFirst().addresses()).containsExactly("10.0.0.2/32");
    assertThat(proposal.endpoint())
        .as("empty on a machine without a way out")
        .matches("(.+:51900)?");
    assertThat(proposal.allowedIps()).containsExactly("10.0.0.0/24");
    assertRefused(() -> files.propose(new ProposalRequest("wg1", 1)), "NO-SUCH-TUNNEL");
    drop("wg0.conf", text("# gatehouse.endpoint = vpn.example.org\nListenPort = 51900\n"));
    settle();
    assertThat(files.propose(new ProposalRequest("wg0", 1)).endpoint())
        .isEqualTo("vpn.example.org:51900");
  }

  // ---- short ways

  private static FileSteps steps(String name, EditStep... steps) {
    return new FileSteps(name, Optional.empty(), List.of(steps));
  }

  private FilesChanged edit(FileSteps... steps) throws ControlException {
    return files.edit(new EditRequest(List.of(steps), false, Optional.empty()), ALICE);
  }

  private FilesChanged write(FileText read, String text) throws ControlException {
    return files.write(
        new FileWrite(read.name(), read.version(), text, false, Optional.empty()), ALICE);
  }

  private static void assertRefused(ThrowingCallable request, String code) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            ControlException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ControlException.REFUSED);
              assertThat(e.findings()).extracting(FindingStatus::code).contains(code);
              assertThat(e.findings().toString()).doesNotContain(Confs.PRIVATE_KEY);
            });
  }

  private void drop(String name, String text) throws IOException {
    Path file = path.resolve("tunnels").resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private void settle() {
    for (int i = 0; i < 2; i++) {
      looked += TunnelDirectory.SETTLE_NANOS;
      tunnels.onControlThread(() -> tunnels.look(looked));
    }
  }

  private String content(String name) throws IOException {
    return Files.readString(path.resolve("tunnels").resolve(name));
  }

  private List<String> allowedIps(String tunnel) {
    return network.interfaces.get(tunnel).snapshot().peers().stream()
        .flatMap(peer -> peer.allowedIps().stream())
        .map(Object::toString)
        .toList();
  }

  private List<Revision> revisions() throws Exception {
    return tunnels.history().list(new RevisionRange("", 100)).revisions();
  }
}
