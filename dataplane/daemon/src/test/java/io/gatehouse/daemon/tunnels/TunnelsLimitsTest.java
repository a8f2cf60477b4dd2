// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.key;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.daemon.tunnels.FakeNetwork.FakeInterface;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.PeerChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that expire, run out of their quota or are disabled, on a machine in memory. */
class TunnelsLimitsTest {
  private static final String BOB = peer(2, "AllowedIPs = 10.2.0.0/16\n");
  private static final String END = "2029-12-31T23:00:00Z";

  @TempDir private Path path;
  private final FakeNetwork network = new FakeNetwork();
  private final SimulatedClock clock = new SimulatedClock("2029-12-31T22:59:00Z");
  private Tunnels tunnels;
  private long now;

  @BeforeEach
  void start() throws IOException {
    tunnels = new StartedTunnels(path, network).limitsBy(clock).start();
  }

  @AfterEach
  void stop() {
    tunnels.close();
  }

  @Test
  void anExpiredPeerGoesWithItsRouteAndNothingElseIsTouched() throws IOException {
    String file = file(expires(END));
    write(file);
    at("2029-12-31T22:59:59.999Z");
    assertThat(states()).containsExactly(tuple(1, PeerState.NEVER), tuple(2, PeerState.NEVER));
    int changes = wg0().changes.size();

    at(END);

    assertThat(wg0().changes).hasSize(changes + 1);
    DeviceChange change = wg0().changes.getLast();
    assertThat(change.peers())
        .extracting(PeerChange::publicKey, PeerChange::remove)
        .containsExactly(tuple(key(1), true));
    assertThat(routes()).containsExactly("10.2.0.0/16");
    assertThat(states()).containsExactly(tuple(1, PeerState.EXPIRED), tuple(2, PeerState.NEVER));
    assertThat(codes()).containsExactly("PEER-EXPIRED");
    assertThat(path.resolve("tunnels/wg0.conf")).hasContent(file);
    PeerStatus alice = only().peers().getFirst();
    assertThat(alice.name()).isEqualTo("Alice");
    assertThat(alice.expires()).isEqualTo(Instant.parse(END).getEpochSecond());
    assertThat(alice.allowedIps()).containsExactly("10.1.0.0/16");

    at("2029-12-31T23:00:01Z");
    settle();
    assertThat(wg0().changes).hasSize(changes + 1);
  }

  @Test
  void aLaterDateBringsItBack() throws IOException {
    write(file(expires(END)));
    at("2030-02-01T00:00:00Z");
    write(file(expires("2031-01-01T00:00:00Z")));
    assertThat(states()).containsExactly(tuple(1, PeerState.NEVER), tuple(2, PeerState.NEVER));
    assertThat(routes()).containsExactlyInAnyOrder("10.1.0.0/16", "10.2.0.0/16");
    assertThat(codes()).isEmpty();
  }

  @Test
  void aClockThatIsSetBackBringsItBackToo() throws IOException {
    write(file(expires(END)));
    at("2031-01-01T00:00:00Z");
    assertThat(states()).contains(tuple(1, PeerState.EXPIRED));
    at("2029-12-31T00:00:00Z");
    assertThat(states()).contains(tuple(1, PeerState.NEVER));
    assertThat(codes()).isEmpty();
  }

  @Test
  void whoHasExpiredBeforeTheStartIsNeverAdded() throws IOException {
    write(file(expires("2029-01-01T00:00:00Z")));
    assertThat(wg0().changes).hasSize(1);
    assertThat(wg0().changes.getFirst().peers())
        .extracting(PeerChange::publicKey)
        .containsExactly(key(2));
    assertThat(routes()).containsExactly("10.2.0.0/16");
  }

  @Test
  void whatFailsIsSaidAndTriedAgain() throws IOException {
    write(file(expires(END)));
    network.failing = "apply";
    at(END);
    assertThat(states()).contains(tuple(1, PeerState.NEVER));
    assertThat(codes()).containsExactly("NOT-APPLIED");
    at("2029-12-31T23:00:01Z");
    assertThat(states()).contains(tuple(1, PeerState.EXPIRED));
    settle();
    assertThat(codes()).containsExactly("PEER-EXPIRED");
  }

  @Test
  void aUsedQuotaTakesThePeerOutUntilTheNextPeriod() throws IOException {
    write(file(quota("1000 B/day")));
    wg0().transfer(key(1), 600, 399);
    wg0().transfer(key(2), 5000, 5000);
    tick();
    assertThat(states()).containsExactly(tuple(1, PeerState.NEVER), tuple(2, PeerState.NEVER));
    assertThat(only().peers().getFirst().quota().orElseThrow())
        .extracting("limit", "period", "used", "ends")
        .containsExactly(1000L, "day", 999L, Instant.parse(END).getEpochSecond());

    wg0().transfer(key(1), 1, 0);
    tick();

    assertThat(states()).containsExactly(tuple(1, PeerState.OVER_QUOTA), tuple(2, PeerState.NEVER));
    assertThat(routes()).containsExactly("10.2.0.0/16");
    assertThat(codes()).containsExactly("PEER-OVER-QUOTA");
    assertThat(only().peers().getFirst().quota().orElseThrow().used()).isEqualTo(1000);
    at(END);
    assertThat(states()).containsExactly(tuple(1, PeerState.NEVER), tuple(2, PeerState.NEVER));
    assertThat(only().peers().getFirst().quota().orElseThrow().used()).isZero();
    wg0().transfer(key(1), 999, 0);
    tick();
    assertThat(states()).contains(tuple(1, PeerState.NEVER));
    wg0().transfer(key(1), 1, 0);
    tick();
    assertThat(states()).contains(tuple(1, PeerState.OVER_QUOTA));
  }

  @Test
  void aRaisedQuotaBringsItBackAndWhatItUsedStillCounts() throws IOException {
    write(file(quota("1000 B/total")));
    wg0().transfer(key(1), 1000, 0);
    tick();
    write(file(quota("1500 B/total")));
    assertThat(states()).contains(tuple(1, PeerState.NEVER));
    wg0().transfer(key(1), 499, 0);
    tick();
    assertThat(states()).contains(tuple(1, PeerState.NEVER));
    wg0().transfer(key(1), 1, 0);
    tick();
    assertThat(states()).contains(tuple(1, PeerState.OVER_QUOTA));
  }

  @Test
  void aQuotaThatComesLaterDoesNotCountWhatPassedBefore() throws IOException {
    write(file(""));
    wg0().transfer(key(1), 5000, 0);
    write(file(quota("1000 B/total")));
    tick();
    assertThat(states()).contains(tuple(1, PeerState.NEVER));
    wg0().transfer(key(1), 1000, 0);
    tick();
    assertThat(states()).contains(tuple(1, PeerState.OVER_QUOTA));
  }

  @Test
  void afterACrashThePeerIsStillOut() throws IOException {
    write(file(quota("1000 B/month")));
    wg0().transfer(key(1), 1000, 0);
    tick();
    // Whatever a stop would do is left out.
    network.interfaces.clear();
    Tunnels crashed = tunnels;
    start();
    settle();
    crashed.close();
    assertThat(states()).containsExactly(tuple(1, PeerState.OVER_QUOTA), tuple(2, PeerState.NEVER));
    assertThat(wg0().changes).hasSize(1);
  }

  @Test
  void anInterfaceThatIsMadeAgainGoesOnCounting() throws IOException {
    write(file(quota("1000 B/month")));
    wg0().transfer(key(1), 900, 0);
    tick();
    tunnels.down("wg0");
    tunnels.up("wg0");
    wg0().transfer(key(1), 99, 0);
    tick();
    assertThat(states()).contains(tuple(1, PeerState.NEVER));
    wg0().transfer(key(1), 1, 0);
    tick();
    assertThat(states()).contains(tuple(1, PeerState.OVER_QUOTA));
  }

  @Test
  void countersGoOnAfterAStopAndAreNotUsedAgain() throws IOException {
    write(file(quota("1000 B/month")));
    wg0().transfer(key(1), 800, 50);
    tick();
    tunnels.close();
    start();
    settle();
    tick();
    assertThat(tunnels.status().tunnels().getFirst().peers().getFirst().rxBytes()).isEqualTo(800);
    assertThat(tunnels.status().tunnels().getFirst().peers().getFirst().txBytes()).isEqualTo(50);
    wg0().transfer(key(1), 149, 0);
    tick();
    assertThat(states()).contains(tuple(1, PeerState.NEVER));
    wg0().transfer(key(1), 1, 0);
    tick();
    assertThat(states()).contains(tuple(1, PeerState.OVER_QUOTA));
  }

  @Test
  void countersOfATunnelWhoseFileWasGoneBeginAnew() throws IOException {
    write(file(""));
    wg0().transfer(key(1), 800, 50);
    Files.delete(path.resolve("tunnels/wg0.conf"));
    settle();
    write(file(""));
    assertThat(tunnels.status().tunnels().getFirst().peers().getFirst().rxBytes()).isZero();
  }

  @Test
  void aPeerThatLeavesTheFileIsForgotten() throws IOException {
    write(file(quota("1000 B/month")));
    wg0().transfer(key(1), 1000, 0);
    tick();
    write(text("", BOB));
    write(file(quota("1000 B/month")));
    assertThat(states()).contains(tuple(1, PeerState.NEVER));
  }

  @Test
  void countersAreReadForAQuotaOnly() throws IOException {
    write(file(expires(END)));
    int snapshots = wg0().snapshots;
    tick();
    tick();
    assertThat(wg0().snapshots).isEqualTo(snapshots);
    assertThat(wg0().readings).isEmpty();
  }

  @Test
  void aTickReadsTheCountersOfPeersWithAQuotaAlone() throws IOException {
    write(file(quota("1 MB/day")));
    wg0().readings.clear();
    int snapshots = wg0().snapshots;
    tick();
    tick();
    assertThat(wg0().readings).containsExactly(Set.of(key(1)), Set.of(key(1)));
    assertThat(wg0().snapshots).isEqualTo(snapshots);
  }

  @Test
  void savingTheRunningStateKeepsWhoIsWithheld() throws IOException {
    String file =
        file(expires(END))
            .replace("[Peer]\nPublicKey = " + key(2), "# B\n[Peer]\nPublicKey = " + key(2));
    write(file);
    at(END);
    assertThat(tunnels.save("wg0", Confs.ALICE)).isInstanceOf(Edit.Done.class);
    String saved = Files.readString(path.resolve("tunnels/wg0.conf"));
    assertThat(saved).contains(expires(END)).contains(key(1).toString()).contains("10.1.0.0/16");
  }

  @Test
  void aDisabledPeerIsShownWhereItStands() throws IOException {
    write(
        text(
            "",
            "#[disabled] [Peer]\n#[disabled] # friendly_name = Carol\n#[disabled] PublicKey = "
                + key(3)
                + "\n#[disabled] AllowedIPs = 10.3.0.0/16\n",
            BOB));
    assertThat(only().peers())
        .extracting(PeerStatus::name, PeerStatus::publicKey, PeerStatus::state)
        .containsExactly(
            tuple("Carol", key(3).toString(), PeerState.DISABLED),
            tuple("", key(2).toString(), PeerState.NEVER));
    assertThat(only().peers()).extracting(PeerStatus::number).containsExactly(2, 1);
    assertThat(routes()).containsExactly("10.2.0.0/16");
  }

  @Test
  void tagsAndNoteAreShown() throws IOException {
    write(file("# gatehouse.tags = laptops, Vienna\n# gatehouse.note = on leave\n"));
    assertThat(only().peers().getFirst().tags()).containsExactly("laptops", "Vienna");
    assertThat(only().peers().getFirst().note()).isEqualTo("on leave");
    assertThat(only().peers().getFirst().quota()).isEmpty();
  }

  private static String file(String lines) {
    return text(
        "Address = 10.0.0.1/32\nListenPort = 51821\n",
        peer(1, "# friendly_name = Alice\n" + lines + "AllowedIPs = 10.1.0.0/16\n"),
        BOB);
  }

  private static String expires(String when) {
    return "# gatehouse.expires = " + when + "\n";
  }

  private static String quota(String quota) {
    return "# gatehouse.quota = " + quota + "\n";
  }

  private void at(String moment) {
    clock.now = Instant.parse(moment);
    tick();
  }

  private void tick() {
    boolean _ =
        tunnels.onControlThread(
            () -> {
              tunnels.keepLimits();
              return true;
            });
  }

  private FakeInterface wg0() {
    return network.interfaces.get("wg0");
  }

  private List<String> routes() {
    return wg0().routes.stream().map(route -> route.destination().toString()).toList();
  }

  private List<Tuple> states() {
    return only().peers().stream()
        .map(peer -> tuple(peer.publicKey().equals(key(1).toString()) ? 1 : 2, peer.state()))
        .toList();
  }

  private List<String> codes() {
    return only().findings().stream().map(FindingStatus::code).toList();
  }

  private TunnelStatus only() {
    assertThat(tunnels.status().tunnels()).hasSize(1);
    return tunnels.status().tunnels().getFirst();
  }

  private void write(String text) throws IOException {
    Path file = path.resolve("tunnels/wg0.conf");
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
