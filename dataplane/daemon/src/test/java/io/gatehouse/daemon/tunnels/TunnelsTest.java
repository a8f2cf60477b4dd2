// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.key;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory of files and the tunnels that result, on a machine in memory. */
class TunnelsTest {
  private static final String FILE =
      text(
          "Address = 10.0.0.1/32\n",
          peer(1, "# friendly_name = Alice\nAllowedIPs = 10.1.0.0/16\n"));

  @TempDir private Path path;
  private final FakeNetwork network = new FakeNetwork();
  private Tunnels tunnels;
  private long now;

  @BeforeEach
  void start() throws IOException {
    tunnels = start(Optional.empty());
  }

  private Tunnels start(Optional<Duration> hooks) throws IOException {
    return new StartedTunnels(path, network).hooks(hooks).start();
  }

  @AfterEach
  void stop() {
    tunnels.close();
  }

  @Test
  void aFileIsATunnelAndWithoutItThereIsNone() throws IOException {
    write("wg0.conf", FILE);
    TunnelStatus wg0 = only();
    assertThat(wg0.name()).isEqualTo("wg0");
    assertThat(wg0.state()).isEqualTo(TunnelStatus.State.UP);
    assertThat(wg0.addresses()).containsExactly("10.0.0.1/32");
    assertThat(wg0.rxBytes()).isEqualTo(1);
    assertThat(wg0.txDrops()).isEqualTo(6);
    assertThat(wg0.since()).isPositive();
    assertThat(wg0.peers()).hasSize(1);
    assertThat(wg0.peers().getFirst().name()).isEqualTo("Alice");
    assertThat(wg0.peers().getFirst().number()).isEqualTo(1);
    assertThat(wg0.peers().getFirst().state()).isEqualTo(PeerState.NEVER);
    Files.delete(path.resolve("tunnels/wg0.conf"));
    settle();
    assertThat(tunnels.status().tunnels()).isEmpty();
    assertThat(network.interfaces).isEmpty();
  }

  @Test
  void aBadFileLeavesTheTunnelAsItWas() throws IOException {
    write("wg0.conf", FILE);
    write("wg0.conf", FILE + "Foo = 1\n");
    TunnelStatus wg0 = only();
    assertThat(wg0.state()).isEqualTo(TunnelStatus.State.UP);
    assertThat(wg0.peers()).hasSize(1);
    assertThat(wg0.findings()).extracting(FindingStatus::code).containsExactly("UNKNOWN-KEY");
    assertThat(wg0.findings().getFirst().line()).isEqualTo(8);
    write("wg0.conf", FILE);
    assertThat(only().findings()).isEmpty();
  }

  @Test
  void aFileThatNeverWorkedIsShownAsFailed() throws IOException {
    write("wg0.conf", "[Interface]\nFoo = 1\n");
    write("not a name.conf", FILE);
    assertThat(tunnels.status().tunnels())
        .extracting(TunnelStatus::name, TunnelStatus::state)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("not a name", TunnelStatus.State.FAILED),
            org.assertj.core.groups.Tuple.tuple("wg0", TunnelStatus.State.FAILED));
    assertThat(network.interfaces).isEmpty();
  }

  @Test
  void anAddedPeerIsInTheFileAndInTheTunnelAtOnce() throws IOException {
    write("wg0.conf", FILE);
    Edit edit = tunnels.addPeer("wg0", dora(2, "10.2.0.0/16"), Confs.ALICE);
    assertThat(edit).isInstanceOf(Edit.Done.class);
    assertThat(path.resolve("tunnels/wg0.conf")).content().startsWith(FILE).contains("= Dora\n");
    assertThat(only().peers()).extracting(p -> p.name()).containsExactly("Alice", "Dora");
    assertThat(only().peers().getLast().number()).isEqualTo(2);
    assertThat(network.interfaces.get("wg0").changes).hasSize(2);
    settle();
    assertThat(network.interfaces.get("wg0").changes).hasSize(2);
  }

  @Test
  void aPeerThatWouldDoHarmIsRefusedAndNothingChanges() throws IOException {
    write("wg0.conf", FILE);
    assertThat(codes(tunnels.addPeer("wg9", dora(2, "10.2.0.0/16"), Confs.ALICE)))
        .containsExactly("NO-SUCH-TUNNEL");
    assertThat(codes(tunnels.addPeer("../etc", dora(2, "10.2.0.0/16"), Confs.ALICE)))
        .containsExactly("NO-SUCH-TUNNEL");
    assertThat(codes(tunnels.addPeer("wg0", dora(1, "10.2.0.0/16"), Confs.ALICE)))
        .containsExactly("PEER-EXISTS");
    assertThat(codes(tunnels.addPeer("wg0", dora(2, "10.1.0.0/16"), Confs.ALICE)))
        .containsExactly("ALLOWED-IPS-SHARED");
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(FILE);
    network.failing = "apply";
    assertThat(codes(tunnels.addPeer("wg0", dora(2, "10.2.0.0/16"), Confs.ALICE)))
        .containsExactly("NOT-APPLIED");
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(FILE);
    assertThat(only().peers()).hasSize(1);
    assertThat(only().findings()).isEmpty();
  }

  @Test
  void whatFailedIsTriedAgain() throws IOException {
    network.foreign.add("wg0");
    write("wg0.conf", FILE);
    assertThat(only().state()).isEqualTo(TunnelStatus.State.FAILED);
    network.foreign.clear();
    settle();
    assertThat(only().state()).isEqualTo(TunnelStatus.State.UP);
    assertThat(only().findings()).isEmpty();
  }

  @Test
  void aTunnelThatIsTakenDownStaysDownUntilItIsTakenUp() throws IOException {
    write("wg0.conf", FILE);
    assertThat(tunnels.down("wg0")).isInstanceOf(Edit.Done.class);
    assertHeldDown();
    write("wg0.conf", FILE + "# changed\n");
    assertHeldDown();
    assertThat(codes(tunnels.down("wg0"))).containsExactly("TUNNEL-IS-DOWN");

    tunnels.close();
    tunnels = start(Optional.empty());
    settle();
    assertHeldDown();

    assertThat(tunnels.up("wg0")).isInstanceOf(Edit.Done.class);
    assertThat(only().state()).isEqualTo(TunnelStatus.State.UP);
    assertThat(only().findings()).isEmpty();
    assertThat(codes(tunnels.up("wg0"))).containsExactly("TUNNEL-IS-UP");
    assertThat(codes(tunnels.up("wg1"))).containsExactly("NO-SUCH-TUNNEL");
    assertThat(codes(tunnels.down("../wg0"))).containsExactly("NO-SUCH-TUNNEL");
  }

  @Test
  void aFileThatGoesTakesAlongThatItsTunnelWasHeldDown() throws IOException {
    write("wg0.conf", FILE);
    tunnels.down("wg0");
    Files.delete(path.resolve("tunnels/wg0.conf"));
    settle();
    write("wg0.conf", FILE);
    assertThat(only().state()).isEqualTo(TunnelStatus.State.UP);
    assertThat(path.resolve("held-down")).isEmptyFile();
  }

  @Test
  void aPeerIsAddedToAFileWhoseTunnelIsHeldDown() throws IOException {
    write("wg0.conf", FILE);
    tunnels.down("wg0");
    assertThat(tunnels.addPeer("wg0", dora(2, "10.2.0.0/16"), Confs.ALICE))
        .isInstanceOf(Edit.Done.class);
    assertHeldDown();
    tunnels.up("wg0");
    assertThat(only().peers()).hasSize(2);
  }

  @Test
  void upSaysWhyItCannotBe() throws IOException {
    write("wg0.conf", FILE);
    tunnels.down("wg0");
    network.failing = "addRoute";
    assertThat(codes(tunnels.up("wg0"))).containsExactly("NOT-APPLIED");
    assertThat(only().state()).isEqualTo(TunnelStatus.State.FAILED);
    assertThat(tunnels.up("wg0")).isInstanceOf(Edit.Done.class);
  }

  private static final String SAVED =
      "# mine\n"
          + text(
              "ListenPort = 51821 # fixed\nSaveConfig = true\n",
              peer(1, "# Alice\nEndpoint = 192.0.2.1:7\nAllowedIPs = 10.1.0.0/16\n"),
              peer(2, "AllowedIPs = 10.2.0.0/16\n"));

  /** As if by wg(8): Alice roams, the second peer goes, a third comes. */
  private void changeByHand() throws IOException {
    network.interfaces.get("wg0").roam(key(1), endpoint("192.0.2.9:9"));
    network
        .interfaces
        .get("wg0")
        .apply(
            new DeviceChange(
                Optional.empty(),
                OptionalInt.of(51900),
                OptionalInt.empty(),
                false,
                List.of(change(2, true, "10.2.0.0/16"), change(3, false, "10.3.0.0/16"))));
  }

  private static final String CHANGED =
      "# mine\n"
          + text(
              "ListenPort = 51900 # fixed\nSaveConfig = true\n",
              peer(1, "# Alice\nEndpoint = 192.0.2.9:9\nAllowedIPs = 10.1.0.0/16\n"),
              peer(3, "AllowedIPs = 10.3.0.0/16\n"));

  @Test
  void theRunningStateIsSavedOnDemandAndNothingElseChanges() throws IOException {
    write("wg0.conf", SAVED);
    assertThat(tunnels.save("wg0", Confs.ALICE)).isInstanceOf(Edit.Done.class);
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(SAVED);
    changeByHand();
    assertThat(tunnels.save("wg0", Confs.ALICE)).isInstanceOf(Edit.Done.class);
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(CHANGED);
    int changes = network.interfaces.get("wg0").changes.size();
    settle();
    assertThat(network.interfaces.get("wg0").changes).hasSize(changes);
    assertThat(only().findings()).extracting(FindingStatus::code).containsExactly("SAVE-CONFIG-ON");
    assertThat(codes(tunnels.save("wg9", Confs.ALICE))).containsExactly("NO-SUCH-TUNNEL");
    tunnels.down("wg0");
    assertThat(codes(tunnels.save("wg0", Confs.ALICE))).containsExactly("NOT-RUNNING");
  }

  @Test
  void withSaveConfigTheStateIsSavedWhenTheTunnelGoesDown() throws IOException {
    write("wg0.conf", SAVED);
    changeByHand();
    tunnels.down("wg0");
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(CHANGED);
    write("wg0.conf", SAVED);
    tunnels.up("wg0");
    changeByHand();
    tunnels.close();
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(CHANGED);
  }

  @Test
  void withoutSaveConfigNothingIsSavedByItself() throws IOException {
    String file = SAVED.replace("= true", "= false");
    write("wg0.conf", file);
    changeByHand();
    tunnels.down("wg0");
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(file);
  }

  @Test
  void aFileThatChangedMeanwhileIsNotWrittenOver() throws IOException {
    write("wg0.conf", SAVED);
    changeByHand();
    Path file = path.resolve("tunnels/wg0.conf");
    Files.writeString(file, SAVED + "# a word\n");
    assertThat(codes(tunnels.save("wg0", Confs.ALICE))).containsExactly("FILE-CHANGED");
    tunnels.down("wg0");
    assertThat(file).hasContent(SAVED + "# a word\n");
    tunnels.up("wg0");
    write("wg0.conf", SAVED + "Foo = 1\n");
    assertThat(codes(tunnels.save("wg0", Confs.ALICE))).containsExactly("FILE-CHANGED");
    tunnels.close();
    assertThat(file).hasContent(SAVED + "Foo = 1\n");
  }

  @Test
  void hooksRunAndAnotherTunnelDoesNotWaitForThem() throws IOException {
    tunnels.close();
    tunnels = start(Optional.of(Duration.ofSeconds(60)));
    Path go = path.resolve("go");
    Path log = path.resolve("log");
    String slow = "PostUp = until [ -e " + go + " ]; do sleep 0.05; done; echo up %i >> " + log;
    write(
        "wg0.conf", FILE.replace("[Peer]", slow + "\nPostDown = echo down >> " + log + "\n[Peer]"));
    write("wg1.conf", FILE);
    assertThat(tunnels.status().tunnels())
        .extracting(TunnelStatus::name, t -> t.findings().stream().map(f -> f.code()).toList())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("wg0", List.of("HOOKS-RUNNING")),
            org.assertj.core.groups.Tuple.tuple("wg1", List.of()));
    assertThat(network.interfaces.get("wg1").isUp()).isTrue();
    assertThat(codes(tunnels.addPeer("wg0", dora(2, "10.2.0.0/16"), Confs.ALICE)))
        .containsExactly("TUNNEL-BUSY");
    Files.createFile(go);
    // It waits for the one that is under way.
    assertThat(codes(tunnels.up("wg0"))).containsExactly("TUNNEL-IS-UP");
    assertThat(tunnels.down("wg0")).isInstanceOf(Edit.Done.class);
    assertThat(log).hasContent("up wg0\ndown\n");
    assertThat(tunnels.up("wg0")).isInstanceOf(Edit.Done.class);
    tunnels.close();
    assertThat(log).hasContent("up wg0\ndown\nup wg0\ndown\n");
    assertThat(network.interfaces).isEmpty();
  }

  @Test
  void hooksOfAFileThatOthersCanWriteAreNeverRun() throws IOException {
    tunnels.close();
    tunnels = start(Optional.of(Duration.ofSeconds(60)));
    String hooked = FILE.replace("[Peer]", "PreUp = touch " + path.resolve("ran") + "\n[Peer]");
    Path file = Files.writeString(path.resolve("tunnels/wg0.conf"), hooked);
    for (String mode : List.of("rw-rw----", "rw----rw-")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      settle();
      assertThat(only().findings())
          .extracting(FindingStatus::code)
          .containsExactly("WRITABLE-BY-OTHERS");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setAttribute(file, "unix:uid", 65534);
    settle();
    assertThat(only().findings()).extracting(FindingStatus::code).containsExactly("OWNER");
    tunnels.close();
    assertThat(path.resolve("ran")).doesNotExist();
  }

  @Test
  void aPeerThatIsAddedNeitherAddsNorChangesAHook() throws IOException {
    write("wg0.conf", FILE.replace("[Peer]", "PostUp = touch /tmp/x\n[Peer]"));
    byte[] before = Files.readAllBytes(path.resolve("tunnels/wg0.conf"));
    PeerConfig sly =
        new PeerConfig(
            key(2),
            Optional.empty(),
            List.of(Prefix.parse("10.2.0.0/16")),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.of("x\n[Interface]\nPostUp = id"),
            0);
    assertThat(codes(tunnels.addPeer("wg0", sly, Confs.ALICE))).containsExactly("NAME");
    assertThat(path.resolve("tunnels/wg0.conf")).hasBinaryContent(before);
    assertThat(tunnels.addPeer("wg0", dora(2, "10.2.0.0/16"), Confs.ALICE))
        .isInstanceOf(Edit.Done.class);
    assertThat(Confs.config(Files.readString(path.resolve("tunnels/wg0.conf"))).postUp())
        .containsExactly("touch /tmp/x");
  }

  @Test
  void closingTakesEverythingDown() throws IOException {
    write("wg0.conf", FILE);
    tunnels.close();
    assertThat(network.interfaces).isEmpty();
    assertThat(path.resolve("tunnels/wg0.conf")).exists();
  }

  private void assertHeldDown() {
    assertThat(only().state()).isEqualTo(TunnelStatus.State.DOWN);
    assertThat(only().findings()).extracting(FindingStatus::code).containsExactly("HELD-DOWN");
    assertThat(network.interfaces).isEmpty();
  }

  private static Endpoint endpoint(String text) {
    int colon = text.lastIndexOf(':');
    return Endpoint.of(
        new InetSocketAddress(
            InetAddress.ofLiteral(text.substring(0, colon)),
            Integer.parseInt(text.substring(colon + 1))));
  }

  private static PeerChange change(int seed, boolean remove, String allowedIp) {
    return new PeerChange(
        key(seed),
        remove,
        false,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        true,
        List.of(new PeerChange.AllowedIpChange(Prefix.parse(allowedIp), false)));
  }

  private static PeerConfig dora(int seed, String allowedIp) {
    return new PeerConfig(
        key(seed),
        Optional.empty(),
        List.of(Prefix.parse(allowedIp)),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.of("Dora"),
        0);
  }

  private static List<String> codes(Edit edit) {
    assertThat(edit).isInstanceOf(Edit.Refused.class);
    return edit.findings().stream().map(Finding::code).toList();
  }

  private TunnelStatus only() {
    assertThat(tunnels.status().tunnels()).hasSize(1);
    return tunnels.status().tunnels().getFirst();
  }

  private void write(String name, String text) throws IOException {
    Path file = path.resolve("tunnels").resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    settle();
  }

  private void settle() {
    for (int i = 0; i < 2; i++) {
      now += TunnelDirectory.SETTLE_NANOS;
      boolean _ = tunnels.onControlThread(() -> tunnels.look(now));
    }
  }
}
