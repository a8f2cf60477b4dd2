// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.config;
import static io.gatehouse.daemon.tunnels.Confs.key;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.DriftLine;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.daemon.tunnels.FakeNetwork.FakeInterface;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.SecretKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody has changed by hand is shown by the line of the file, and can be answered. */
class DriftTest {
  private static final String PSK = "6K2bvaCBiLb8XIyPq0qHnkRTRtqlNKFpT0DsBLVbdXg=";
  private static final ChangeOrigin ALICE =
      new ChangeOrigin(ChangeSource.COMMAND_LINE, "alice", "it was right");
  private static final String FILE =
      "# mine\n"
          + text(
              "Address = 10.0.0.1/24 # inside\nListenPort = 51821 # fixed\n",
              peer(
                  1, "# friendly_name = Alice\nEndpoint = 192.0.2.1:7\nAllowedIPs = 10.1.0.0/16\n"),
              peer(2, "AllowedIPs = 10.2.0.0/16\nPersistentKeepalive = 25\n"));

  @TempDir private Path path;
  private final FakeNetwork network = new FakeNetwork();
  private final SimulatedClock clock = new SimulatedClock("2026-01-02T03:04:05Z");
  private Tunnels tunnels;
  private long now;

  @BeforeEach
  void start() throws IOException {
    tunnels = new StartedTunnels(path, network).limitsBy(clock).history().start();
  }

  @AfterEach
  void stop() {
    tunnels.close();
  }

  @Test
  void whatWgSetChangesIsShownByItsLineOfTheFile() throws IOException {
    write(FILE);
    wg0().applyByHand(ByHand.keepalive(key(2), 9));
    wg0().applyByHand(ByHand.presharedKey(key(1), SecretKey.parse(PSK)));
    wg0().applyByHand(ByHand.allowedIps(key(1), "10.1.0.0/16", "10.7.0.0/16"));
    wg0().applyByHand(ByHand.listenPort(51900));
    assertThat(drift())
        .containsExactly(
            "5 device ListenPort: the file says 51821, and 51900 runs",
            "10 peer Alice (%s) AllowedIPs: the file says 10.1.0.0/16, and 10.1.0.0/16, 10.7.0.0/16"
                    .formatted(key(1))
                + " runs",
            "6 peer Alice (%s) PresharedKey: the file says nothing, and (hidden) runs"
                .formatted(key(1)),
            "14 peer %s PersistentKeepalive: the file says 25, and 9 runs".formatted(key(2)));
    assertThat(only().findings())
        .extracting(FindingStatus::code, FindingStatus::line)
        .contains(org.assertj.core.groups.Tuple.tuple("DRIFT", 14));
    wg0().applyByHand(ByHand.remove(key(1)));
    wg0().applyByHand(ByHand.allowedIps(key(3), "10.3.0.0/16"));
    wg0().applyByHand(ByHand.listenPort(51821));
    wg0().applyByHand(ByHand.keepalive(key(2), 25));
    assertThat(drift())
        .containsExactly(
            "0 peer %s: the file says nothing, and AllowedIPs 10.3.0.0/16 runs".formatted(key(3)),
            "7 peer Alice (%s): the file says AllowedIPs 10.1.0.0/16; Endpoint 192.0.2.1:7, and"
                    .formatted(key(1))
                + " nothing runs");
    wg0().applyByHand(ByHand.remove(key(3)));
    wg0().applyByHand(ByHand.allowedIps(key(1), "10.1.0.0/16"));
    assertThat(drift())
        .containsExactly(
            "9 peer Alice (%s) Endpoint: the file says 192.0.2.1:7, and nothing runs"
                .formatted(key(1)));
  }

  @Test
  void aPrivateKeyThatTheDeviceClampsIsNoDriftAndIsSetOnce() throws IOException {
    String unclamped = FILE.replace(Confs.PRIVATE_KEY, "/".repeat(42) + "8=");
    write(unclamped);
    assertThat(drift()).isEmpty();
    wg0().changes.clear();
    write(unclamped + peer(4, "AllowedIPs = 10.4.0.0/16\n"));
    assertThat(wg0().changes).singleElement().matches(change -> change.privateKey().isEmpty());
    assertThat(drift()).isEmpty();
  }

  @Test
  void addressesAndAnMtuSetByHandAreDriftAndALinkLocalAddressIsNone() throws IOException {
    write(FILE);
    wg0().addresses.add(Prefix.parse("10.9.0.1/32"));
    wg0().addresses.add(Prefix.parse("fe80::1234/64"));
    wg0().setMtuByHand(1280);
    assertThat(drift())
        .containsExactly(
            "0 address 10.9.0.1/32: the file says nothing, and 10.9.0.1/32 runs",
            "2 MTU: the file says 1420, and 1280 runs");
    wg0().addresses.remove(Prefix.parse("10.9.0.1/32"));
    wg0().setMtuByHand(1420);
    assertThat(drift()).isEmpty();
    assertThat(only().findings()).isEmpty();
  }

  @Test
  void whatComesByItselfIsNoDrift() throws IOException {
    write(
        FILE.replace("ListenPort = 51821 # fixed\n", "")
            + peer(4, "AllowedIPs = 10.4.0.0/16\n# gatehouse.expires = 2020-01-01T00:00:00Z\n")
            + "#[disabled] [Peer]\n#[disabled] PublicKey = "
            + key(5)
            + "\n#[disabled] AllowedIPs = 10.5.0.0/16\n");
    assertThat(wg0().snapshot().peers()).hasSize(2);
    wg0().roam(key(1), Endpoint.of(new InetSocketAddress("198.51.100.7", 4000)));
    wg0().roam(key(2), Endpoint.of(new InetSocketAddress("198.51.100.8", 4000)));
    wg0().setLinkDown();
    assertThat(drift()).isEmpty();
  }

  @Test
  void withSaveConfigWhatWgSetsIsTheTruth() throws IOException {
    write(FILE.replace("[Interface]\n", "[Interface]\nSaveConfig = true\n"));
    wg0().applyByHand(ByHand.keepalive(key(2), 9));
    assertThat(drift()).isEmpty();
  }

  @Test
  void takingTheFileUndoesAllThatWasDoneByHandAndNothingElse() throws IOException {
    write(FILE);
    String before = network.state();
    wg0().applyByHand(ByHand.keepalive(key(2), 9));
    wg0().addresses.add(Prefix.parse("10.9.0.1/32"));
    wg0().routes.clear();
    wg0().setMtuByHand(1280);
    assertThat(drift()).hasSize(5);
    wg0().changes.clear();
    assertThat(tunnels.drifts().takeFile("wg0", ALICE)).isInstanceOf(Edit.Done.class);
    assertThat(network.state()).isEqualTo(before);
    assertThat(wg0().changes).hasSize(1);
    assertThat(wg0().changes.getFirst().peers()).hasSize(1);
    assertThat(drift()).isEmpty();
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(FILE);
  }

  @Test
  void aFileThatCannotBeTakenLeavesAllAsItRuns() throws IOException {
    write(FILE);
    wg0().addresses.add(Prefix.parse("10.9.0.1/32"));
    wg0().setMtuByHand(1280);
    String before = network.state();
    network.failing = "setMtu";
    assertThat(codes(tunnels.drifts().takeFile("wg0", ALICE))).containsExactly("NOT-APPLIED");
    assertThat(network.state()).isEqualTo(before);
    assertThat(drift()).hasSize(2);
  }

  @Test
  void takingWhatRunsWritesOnlyTheLinesThatDiffer() throws Exception {
    write(FILE);
    wg0().roam(key(1), Endpoint.of(new InetSocketAddress("198.51.100.7", 4000)));
    wg0().applyByHand(ByHand.keepalive(key(2), 9));
    wg0().applyByHand(ByHand.allowedIps(key(3), "10.3.0.0/16"));
    wg0().addresses.add(Prefix.parse("10.9.0.1/32"));
    wg0().setMtuByHand(1280);
    assertThat(drift()).hasSize(4);
    assertThat(tunnels.drifts().takeRunning("wg0", ALICE)).isInstanceOf(Edit.Done.class);
    assertThat(Files.readString(path.resolve("tunnels/wg0.conf")))
        .isEqualTo(
            FILE.replace("10.0.0.1/24 #", "10.0.0.1/24, 10.9.0.1/32 #")
                    .replace("# fixed\n", "# fixed\nMTU = 1280\n")
                    .replace("= 25", "= 9")
                + peer(3, "AllowedIPs = 10.3.0.0/16\n"));
    assertThat(drift()).isEmpty();
    assertThat(wg0().routes).contains(new TunnelRoute(Prefix.parse("10.3.0.0/16"), 254));
    List<Revision> revisions = tunnels.history().list(new RevisionRange("", 9)).revisions();
    assertThat(revisions.getFirst())
        .extracting(Revision::author, Revision::source, Revision::message, Revision::files)
        .containsExactly("alice", ChangeSource.COMMAND_LINE, "it was right", List.of("wg0.conf"));
  }

  @Test
  void aFileThatHasChangedMeanwhileIsNotWrittenOver() throws IOException {
    write(FILE);
    wg0().applyByHand(ByHand.keepalive(key(2), 9));
    Files.writeString(path.resolve("tunnels/wg0.conf"), FILE + "# more\n");
    assertThat(codes(tunnels.drifts().takeRunning("wg0", ALICE))).containsExactly("FILE-CHANGED");
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(FILE + "# more\n");
  }

  @Test
  void whatHasNoPlaceInAFileIsSaid() throws IOException {
    write(FILE);
    wg0().routes.removeIf(route -> route.destination().equals(Prefix.parse("10.2.0.0/16")));
    assertThat(drift())
        .containsExactly("13 route 10.2.0.0/16: the file says 10.2.0.0/16, and nothing runs");
    assertThat(codes(tunnels.drifts().takeRunning("wg0", ALICE))).contains("NOT-IN-A-FILE");
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(FILE);
    assertThat(drift()).hasSize(1);
  }

  @Test
  void whatIsIgnoredIsDriftAgainWhenItChanges() throws IOException {
    write(FILE);
    wg0().applyByHand(ByHand.keepalive(key(2), 9));
    wg0().applyByHand(ByHand.presharedKey(key(1), SecretKey.parse(PSK)));
    assertThat(tunnels.drifts().ignore("wg0", ALICE)).isInstanceOf(Edit.Done.class);
    assertThat(drift()).hasSize(2).allMatch(line -> line.endsWith("(ignored)"));
    assertThat(only().findings()).isEmpty();
    wg0().applyByHand(ByHand.listenPort(51900));
    assertThat(drift()).filteredOn(line -> !line.endsWith("(ignored)")).hasSize(1);
    wg0().applyByHand(ByHand.presharedKey(key(1), SecretKey.parse(Confs.PRIVATE_KEY)));
    wg0().applyByHand(ByHand.keepalive(key(2), 8));
    assertThat(drift()).hasSize(3).noneMatch(line -> line.endsWith("(ignored)"));
    wg0().applyByHand(ByHand.keepalive(key(2), 25));
    assertThat(drift()).hasSize(2);
    wg0().applyByHand(ByHand.keepalive(key(2), 9));
    assertThat(drift()).hasSize(3).noneMatch(line -> line.endsWith("(ignored)"));
  }

  @Test
  void aChangedFileEndsDriftThatNobodyHasDecidedAbout() throws IOException {
    write(FILE);
    wg0().applyByHand(ByHand.keepalive(key(2), 9));
    wg0().addresses.add(Prefix.parse("10.9.0.1/32"));
    assertThat(drift()).hasSize(2);
    write(FILE.replace("10.1.0.0/16", "10.1.0.0/17"));
    assertThat(drift())
        .containsExactly("0 address 10.9.0.1/32: the file says nothing, and 10.9.0.1/32 runs");
  }

  @Test
  void ignoredDriftOutlivesAChangedFileUnlessItIsAboutThat() throws IOException {
    write(FILE);
    wg0().applyByHand(ByHand.keepalive(key(2), 9));
    wg0().applyByHand(ByHand.allowedIps(key(3), "10.3.0.0/16"));
    wg0().applyByHand(ByHand.listenPort(51900));
    tunnels.drifts().ignore("wg0", ALICE);
    write("# a line more\n" + FILE.replace("10.1.0.0/16", "10.1.0.0/17"));
    assertThat(drift()).hasSize(3).allMatch(line -> line.endsWith("(ignored)"));
    assertThat(wg0().snapshot().listenPort()).isEqualTo(51900);
    write(FILE.replace("= 25", "= 26").replace("= 51821", "= 51822"));
    assertThat(drift())
        .containsExactly(
            "0 peer %s: the file says nothing, and AllowedIPs 10.3.0.0/16 runs (ignored)"
                .formatted(key(3)));
    assertThat(wg0().snapshot().listenPort()).isEqualTo(51822);
    assertThat(tunnels.drifts().takeFile("wg0", ALICE)).isInstanceOf(Edit.Done.class);
    assertThat(drift()).isEmpty();
    assertThat(wg0().snapshot().peers()).hasSize(2);
  }

  @Test
  void aPeerThatExpiresTakesNoDriftAlong() throws IOException {
    write(FILE + peer(4, "AllowedIPs = 10.4.0.0/16\n# gatehouse.expires = 2026-01-02T03:05:00Z\n"));
    wg0().applyByHand(ByHand.keepalive(key(2), 9));
    wg0().applyByHand(ByHand.allowedIps(key(3), "10.3.0.0/16"));
    clock.now = Instant.parse("2026-01-02T03:05:00Z");
    var _ =
        tunnels.onControlThread(
            () -> {
              tunnels.keepLimits();
              return true;
            });
    assertThat(wg0().snapshot().peers())
        .extracting(PeerSnapshot::publicKey)
        .containsExactly(key(1), key(2), key(3));
    assertThat(drift()).hasSize(2);
  }

  @Test
  void driftEndsWithTheTunnel() throws IOException {
    write(FILE);
    wg0().applyByHand(ByHand.keepalive(key(2), 9));
    assertThat(drift()).hasSize(1);
    tunnels.down("wg0");
    assertThat(only().drift()).isEmpty();
    assertThat(codes(tunnels.drifts().takeFile("wg0", ALICE))).containsExactly("NOT-RUNNING");
    tunnels.up("wg0");
    assertThat(drift()).isEmpty();
    assertThat(codes(tunnels.drifts().ignore("wg9", ALICE))).containsExactly("NO-SUCH-TUNNEL");
  }

  @Test
  void whatPostUpDidIsNoDriftAndStays() throws Exception {
    SimulatedExecutor executor = new SimulatedExecutor();
    FakeHooks hooks = new FakeHooks();
    FileTunnel tunnel =
        new FileTunnel(
            new InterfaceName("wg1"),
            network,
            Confs.nothingKnown(),
            Confs.nothingUsed(),
            listener -> new Endpoints(executor, executor, InetAddress::ofLiteral, listener),
            hooks,
            executor::now,
            () -> {});
    String file = FILE.replace("PrivateKey = " + Confs.PRIVATE_KEY, "PostUp = wg set ...");
    tunnel.apply(config(file));
    FakeInterface wg1 = network.interfaces.get("wg1");
    wg1.applyByHand(ByHand.privateKey(SecretKey.parse(PSK)));
    wg1.applyByHand(ByHand.keepalive(key(2), 9));
    wg1.addresses.add(Prefix.parse("10.9.0.1/32"));
    wg1.setMtuByHand(1280);
    hooks.succeed();
    assertThat(tunnel.lookForDrift(Optional.empty())).isEmpty();
    wg1.applyByHand(ByHand.listenPort(51900));
    assertThat(tunnel.lookForDrift(Optional.empty())).hasSize(1);
    assertThat(tunnel.takeFile(Optional.empty())).isEmpty();
    assertThat(tunnel.apply(config(file.replace("10.1.0.0/16", "10.1.0.0/17")))).isTrue();
    assertThat(wg1.snapshot().privateKey()).contains(SecretKey.parse(PSK));
    assertThat(wg1.snapshot().peers().getLast().persistentKeepalive()).isEqualTo(9);
    assertThat(wg1.addresses).contains(Prefix.parse("10.9.0.1/32"));
    assertThat(wg1.mtu()).isEqualTo(1280);
    assertThat(tunnel.lookForDrift(Optional.empty())).isEmpty();
  }

  /** What the status shows after a look. */
  private List<String> drift() {
    var _ =
        tunnels.onControlThread(
            () -> {
              tunnels.drifts().look("wg0");
              return true;
            });
    return only().drift().stream().map(DriftTest::shown).toList();
  }

  private static String shown(DriftLine line) {
    return line.line() + " " + line.text() + (line.ignored() ? " (ignored)" : "");
  }

  private static List<String> codes(Edit edit) {
    return edit.findings().stream().map(Finding::code).toList();
  }

  private TunnelStatus only() {
    assertThat(tunnels.status().tunnels()).hasSize(1);
    return tunnels.status().tunnels().getFirst();
  }

  private FakeInterface wg0() {
    return network.interfaces.get("wg0");
  }

  private void write(String text) throws IOException {
    Path file = path.resolve("tunnels/wg0.conf");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    for (int i = 0; i < 2; i++) {
      now += TunnelDirectory.SETTLE_NANOS;
      var _ = tunnels.onControlThread(() -> tunnels.look(now));
    }
  }
}
