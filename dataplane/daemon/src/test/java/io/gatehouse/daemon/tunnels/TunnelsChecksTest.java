// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.key;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.check.HostFacts;
import io.gatehouse.wgquick.check.HostFacts.HostInterface;
import io.gatehouse.wgquick.check.HostFacts.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the checks find is said of each file before anything is done, and what works does not get
 * worse by a file.
 */
class TunnelsChecksTest {
  private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");

  @TempDir private Path path;
  private final FakeNetwork network = new FakeNetwork();
  private final List<Runnable> gathering = new ArrayList<>();
  private boolean slow;
  private HostFacts machine = HostFacts.UNKNOWN;
  private Tunnels tunnels;
  private long now;

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectory(path.resolve("tunnels"));
    start(FirstStart.APPLY);
  }

  private void start(FirstStart first) throws IOException {
    HeldDown heldDown = HeldDown.read(path.resolve("held-down"));
    MachineFacts facts =
        new MachineFacts(
            ports -> machine,
            task -> {
              gathering.add(task);
              gather();
            });
    Admission admission =
        new Admission(
            KnownFiles.read(path.resolve("known-files"), path.resolve("tunnels")),
            heldDown,
            facts,
            false);
    admission.begin(first, InstantSource.fixed(START));
    tunnels = new StartedTunnels(path, network).checked(heldDown, admission).start();
  }

  private void restart(FirstStart first) throws IOException {
    tunnels.close();
    start(first);
    settle();
  }

  private void gather() {
    if (!slow) {
      List<Runnable> tasks = List.copyOf(gathering);
      gathering.clear();
      tasks.forEach(Runnable::run);
    }
  }

  @AfterEach
  void stop() {
    tunnels.close();
  }

  // ---- what is said

  @Test
  void aFileThatWgQuickTakesComesUpAndWhatTheChecksFindIsSaid() throws IOException {
    write("wg0.conf", file(1, "", shared()));
    assertUp("wg0", "ALLOWED-IPS-SHARED");
    assertThat(finding("wg0", "ALLOWED-IPS-SHARED").line()).isEqualTo(9);
  }

  @Test
  void whatOneFileHasToDoWithAnotherIsSaidAsLongAsItIsSo() throws IOException {
    write("wg0.conf", file(1, "ListenPort = 51820\n", ""));
    write("wg1.conf", file(2, "ListenPort = 51821\n", ""));
    assertUp("wg0");
    assertUp("wg1");
    write("wg1.conf", file(1, "ListenPort = 51821\n", "").replace("10.1.0.1", "10.2.0.1"));
    assertUp("wg0", "PRIVATE-KEY-SHARED");
    assertUp("wg1", "PRIVATE-KEY-SHARED");
    Files.delete(path.resolve("tunnels/wg1.conf"));
    settle();
    assertUp("wg0");
  }

  @Test
  void whatIsSaidFollowsTheMachine() throws IOException {
    write("wg0.conf", file(1, "# gatehouse.masquerade = eth0\n", ""));
    assertUp("wg0");
    machine = interfaces("eth1");
    refresh();
    assertUp("wg0", "NO-SUCH-INTERFACE");
    machine = interfaces("eth0", "eth1");
    refresh();
    assertUp("wg0");
  }

  @Test
  void hooksThatAreNotRunAreSaidOnceAndWithTheirLine() throws IOException {
    write("wg0.conf", file(1, "PostUp = true\n", ""));
    assertUp("wg0", "HOOKS-OFF");
    assertThat(finding("wg0", "HOOKS-OFF").line()).isEqualTo(4);
  }

  // ---- what is held back

  @Test
  void aChangeThatBringsInAnErrorIsHeldBackAndTheLastGoodStateGoesOn() throws IOException {
    write("wg0.conf", file(1, "", peer(1, "AllowedIPs = 10.9.0.1/32\n")));
    int changes = network.interfaces.get("wg0").changes.size();
    write("wg0.conf", file(1, "", shared()));
    assertUp("wg0", "ALLOWED-IPS-SHARED", "HELD-BACK");
    assertThat(network.interfaces.get("wg0").changes).hasSize(changes);
    assertThat(tunnel("wg0").peers()).hasSize(1);
    write("wg0.conf", file(1, "", peer(1, "AllowedIPs = 10.9.0.2/32\n")));
    assertUp("wg0");
    assertThat(tunnel("wg0").peers().getFirst().allowedIps()).containsExactly("10.9.0.2/32");
  }

  @Test
  void anErrorThatWasThereBeforeHoldsNothingBack() throws IOException {
    write("wg0.conf", file(1, "", shared()));
    write("wg0.conf", file(1, "", shared() + peer(3, "AllowedIPs = 10.9.0.3/32\n")));
    assertUp("wg0", "ALLOWED-IPS-SHARED");
    assertThat(tunnel("wg0").peers()).hasSize(3);
  }

  @Test
  void warningsAndNotesHoldNothingBack() throws IOException {
    write("wg0.conf", file(1, "", ""));
    write("wg0.conf", file(1, "", peer(1, "AllowedIPs = 10.9.0.1/24\n")));
    assertUp("wg0", "HOST-BITS");
    assertThat(tunnel("wg0").peers()).hasSize(1);
  }

  @Test
  void aTunnelThatWouldTakeARouteFromAnotherDoesNotComeUpUntilTheOtherIsGone() throws IOException {
    write("wg0.conf", file(1, "", peer(1, "AllowedIPs = 10.9.0.0/16\n")));
    write("wg1.conf", file(2, "", peer(2, "AllowedIPs = 10.9.0.0/16\n")));
    assertUp("wg0");
    assertThat(tunnel("wg1").state()).isEqualTo(TunnelStatus.State.FAILED);
    assertThat(codes("wg1")).containsExactly("ROUTE-SHARED", "HELD-BACK");
    assertThat(network.interfaces).containsOnlyKeys("wg0");
    restart(FirstStart.APPLY);
    assertUp("wg0");
    assertThat(codes("wg1")).as("who was first is first").contains("HELD-BACK");
    Files.delete(path.resolve("tunnels/wg0.conf"));
    settle();
    assertUp("wg1");
  }

  @Test
  void twoDefaultRoutesBothComeUpAsUnderWgQuick() throws IOException {
    write("wg0.conf", file(1, "", peer(1, "AllowedIPs = 0.0.0.0/0\n")));
    write("wg1.conf", file(2, "", peer(2, "AllowedIPs = 0.0.0.0/0\n")));
    assertUp("wg0", "ROUTE-SHARED");
    assertUp("wg1", "ROUTE-SHARED");
  }

  @Test
  void ofTwoThatComeTogetherTheFirstByNameComesUpAndWithRoutesOfItsOwnTheOtherAsWell()
      throws IOException {
    put("wg1.conf", file(2, "", peer(2, "AllowedIPs = 10.9.0.0/16\n")));
    put("wg0.conf", file(1, "", peer(1, "AllowedIPs = 10.9.0.0/16\n")));
    settle();
    assertUp("wg0");
    assertThat(codes("wg1")).containsExactly("ROUTE-SHARED", "HELD-BACK");
    write("wg1.conf", file(2, "Table = off\n", peer(2, "AllowedIPs = 10.9.0.0/16\n")));
    assertUp("wg1");
  }

  @Test
  void twoTunnelsMayExchangeWhatTheyHaveAtOnce() throws IOException {
    String one = peer(1, "AllowedIPs = 10.8.0.0/16\n");
    String other = peer(2, "AllowedIPs = 10.9.0.0/16\n");
    write("wg0.conf", file(1, "", one));
    write("wg1.conf", file(2, "", other));
    put("wg0.conf", file(1, "", other));
    put("wg1.conf", file(2, "", one));
    settle();
    settle();
    assertUp("wg0");
    assertUp("wg1");
    assertThat(tunnel("wg0").peers().getFirst().publicKey()).isEqualTo(key(2).toString());
  }

  @Test
  void anExchangeOfWhichOneHalfIsHeldBackIsHeldBackAsAWhole() throws IOException {
    write("wg0.conf", file(1, "", peer(1, "AllowedIPs = 10.8.0.0/16\n")));
    write("wg1.conf", file(2, "", peer(2, "AllowedIPs = 10.9.0.0/16\n")));
    put("wg0.conf", file(1, "", peer(1, "AllowedIPs = 10.9.0.0/16\n")));
    put("wg1.conf", file(2, "", shared() + peer(3, "AllowedIPs = 10.8.0.0/16\n")));
    settle();
    assertUp("wg0", "ROUTE-SHARED", "HELD-BACK");
    assertUp("wg1", "ALLOWED-IPS-SHARED", "ROUTE-SHARED", "HELD-BACK");
    assertThat(tunnel("wg0").peers().getFirst().allowedIps()).containsExactly("10.8.0.0/16");
    assertThat(tunnel("wg1").peers().getFirst().allowedIps()).containsExactly("10.9.0.0/16");
  }

  @Test
  void whoAdministersTheMachineIsNotCutOff() throws IOException {
    machine = session("198.51.100.7");
    refresh();
    write("wg0.conf", file(1, "", peer(1, "AllowedIPs = 0.0.0.0/0\n")));
    assertThat(codes("wg0")).containsExactly("SESSION-CUT-OFF", "HELD-BACK");
    assertThat(network.interfaces).isEmpty();
    machine = HostFacts.UNKNOWN;
    refresh();
    assertUp("wg0");
    machine = session("198.51.100.7");
    refresh();
    assertUp("wg0", "SESSION-CUT-OFF");
    restart(FirstStart.APPLY);
    refresh();
    assertUp("wg0", "SESSION-CUT-OFF");
  }

  @Test
  void anAdministratorWhoHasSeenItMayHaveItAllTheSame() throws IOException {
    write("wg0.conf", file(1, "", peer(1, "AllowedIPs = 10.9.0.1/32\n")));
    write("wg0.conf", file(1, "", shared()));
    assertThat(tunnels.approve(List.of("wg0"))).isInstanceOf(Edit.Approved.class);
    assertUp("wg0", "ALLOWED-IPS-SHARED");
    assertThat(tunnel("wg0").peers()).hasSize(2);
    assertThat(tunnels.approve(List.of("wg0"))).isInstanceOf(Edit.Refused.class);
    assertThat(tunnels.approve(List.of("wg7")).findings())
        .extracting(finding -> finding.code())
        .containsExactly("NO-SUCH-TUNNEL");
  }

  @Test
  void aTunnelThatIsHeldDownIsInNobodysWay() throws IOException {
    write("wg0.conf", file(1, "", peer(1, "AllowedIPs = 10.9.0.0/16\n")));
    tunnels.down("wg0");
    write("wg1.conf", file(2, "", peer(2, "AllowedIPs = 10.9.0.0/16\n")));
    assertUp("wg1");
    assertThat(tunnels.up("wg0")).as("it ran before").isInstanceOf(Edit.Done.class);
    assertUp("wg0", "ROUTE-SHARED");
  }

  // ---- facts come from elsewhere

  @Test
  void aFileWaitsForWhatIsKnownOfTheMachineButNotForEver() throws IOException {
    slow = true;
    put("wg0.conf", file(1, "", ""));
    settle();
    assertThat(tunnels.status().tunnels()).isEmpty();
    slow = false;
    gather();
    settle();
    assertUp("wg0");
    slow = true;
    put("wg1.conf", file(2, "", ""));
    for (int i = 0; i < 12; i++) {
      settle();
    }
    assertUp("wg1");
  }

  // ---- the first start

  @Test
  void onAFirstStartFilesMayWaitUntilTheyAreApproved() throws IOException {
    tunnels.close();
    Files.delete(path.resolve("known-files"));
    put("wg0.conf", file(1, "ListenPort = 51820\n", peer(1, "AllowedIPs = 10.9.0.0/16\n")));
    put("wg1.conf", file(2, "", ""));
    start(FirstStart.APPROVE);
    settle();
    assertWaits("wg0");
    assertThat(finding("wg0", "WAITS-FOR-APPROVAL").message())
        .contains("10.1.0.1/32, port 51820, 1 peer, 1 route");
    write("wg2.conf", file(3, "", ""));
    assertWaits("wg2");
    restart(FirstStart.APPROVE);
    assertWaits("wg0");
    assertWaits("wg2");
    assertThat(codes("wg0")).containsExactly("WAITS-FOR-APPROVAL");
    assertThat(tunnels.up("wg0")).isInstanceOf(Edit.Refused.class);
    assertThat(network.interfaces).isEmpty();

    assertThat(tunnels.approve(List.of("wg0"))).isInstanceOf(Edit.Approved.class);
    assertUp("wg0");
    assertWaits("wg1");
    restart(FirstStart.APPROVE);
    assertUp("wg0");
    assertWaits("wg1");

    assertThat(tunnels.approve(List.of())).isInstanceOf(Edit.Approved.class);
    settle();
    assertUp("wg1");
    assertUp("wg2");
    write("wg3.conf", file(4, "", ""));
    assertUp("wg3");
    restart(FirstStart.APPROVE);
    write("wg4.conf", file(5, "", ""));
    assertUp("wg4");
  }

  @Test
  void anEmptyDirectoryHasNothingToApprove() throws IOException {
    tunnels.close();
    Files.delete(path.resolve("known-files"));
    start(FirstStart.APPROVE);
    write("wg0.conf", file(1, "", ""));
    assertUp("wg0");
  }

  @Test
  void whoeverWaitsAndIsToldToApplyApplies() throws IOException {
    tunnels.close();
    Files.delete(path.resolve("known-files"));
    put("wg0.conf", file(1, "", ""));
    start(FirstStart.APPROVE);
    settle();
    assertWaits("wg0");
    restart(FirstStart.APPLY);
    assertUp("wg0");
  }

  // ---- how it costs

  @Test
  void hundredsOfFilesAreAllTaken() throws IOException {
    for (int i = 0; i < 500; i++) {
      put(
          "t" + i + ".conf",
          file(
                  i,
                  "ListenPort = " + (40_000 + i) + "\n",
                  peer(i, "AllowedIPs = 10.200." + i % 250 + "." + i / 250 + "/32\n"))
              .replace("10." + i + ".0.1", "10.201." + i % 250 + "." + i / 250));
    }
    settle();
    assertThat(network.interfaces).hasSize(500);
    assertThat(tunnels.status().tunnels()).allMatch(tunnel -> tunnel.findings().isEmpty());
  }

  // ---- words

  private static String shared() {
    return peer(1, "AllowedIPs = 10.9.0.1/32\n") + peer(2, "AllowedIPs = 10.9.0.1/32\n");
  }

  /** A file with a key and an address of its own; the address is on line 3. */
  private static String file(int number, String lines, String peers) {
    byte[] octets = new byte[32];
    new Random(1_000_000L + number).nextBytes(octets);
    return "[Interface]\nPrivateKey = "
        + Base64.getEncoder().encodeToString(octets)
        + "\nAddress = 10."
        + number
        + ".0.1/32\n"
        + lines
        + peers;
  }

  private static HostFacts interfaces(String... names) {
    return facts(
        Arrays.stream(names).map(name -> new HostInterface(name, List.of())).toList(), List.of());
  }

  private static HostFacts session(String remote) {
    return facts(List.of(), List.of(new Session("SSH", IpLiteral.parse(remote), "eth0")));
  }

  private static HostFacts facts(List<HostInterface> interfaces, List<Session> sessions) {
    return new HostFacts(
        interfaces, List.of(), List.of(), sessions, OptionalInt.empty(), Map.of(), Map.of(), true);
  }

  private void assertUp(String name, String... codes) {
    assertThat(codes(name)).containsExactly(codes);
    assertThat(tunnel(name).state()).isEqualTo(TunnelStatus.State.UP);
  }

  private void assertWaits(String name) {
    assertThat(tunnel(name).state()).isEqualTo(TunnelStatus.State.DOWN);
    assertThat(codes(name)).contains("WAITS-FOR-APPROVAL");
    assertThat(network.interfaces).doesNotContainKey(name);
  }

  private TunnelStatus tunnel(String name) {
    return tunnels.status().tunnels().stream()
        .filter(tunnel -> tunnel.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<String> codes(String name) {
    return tunnel(name).findings().stream().map(FindingStatus::code).toList();
  }

  private FindingStatus finding(String name, String code) {
    return tunnel(name).findings().stream()
        .filter(finding -> finding.code().equals(code))
        .findFirst()
        .orElseThrow();
  }

  private void write(String name, String text) throws IOException {
    put(name, text);
    settle();
  }

  private void put(String name, String text) throws IOException {
    Path file = path.resolve("tunnels").resolve(name);
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** The machine is looked at, as it is from time to time, and the directory after that. */
  private void refresh() {
    tunnels.onControlThread(
        () -> {
          tunnels.refreshFacts();
          return true;
        });
    settle();
  }

  private void settle() {
    for (int i = 0; i < 2; i++) {
      now += TunnelDirectory.SETTLE_NANOS;
      boolean _ = tunnels.onControlThread(() -> tunnels.look(now));
    }
  }
}
