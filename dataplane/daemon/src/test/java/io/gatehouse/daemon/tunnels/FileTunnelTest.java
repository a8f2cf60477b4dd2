// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.config;
import static io.gatehouse.daemon.tunnels.Confs.key;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.daemon.tunnels.FakeNetwork.FakeInterface;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.Prefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The difference between a running tunnel and its file, and how it is applied. */
class FileTunnelTest {
  private static final String BASE = "Address = 10.0.0.1/32\nListenPort = 51821\n";
  private static final String ALICE =
      peer(1, "AllowedIPs = 192.168.200.0/24\nEndpoint = 203.0.113.2:51822\n");
  private static final String BOB = peer(2, "AllowedIPs = 192.168.201.0/24\n");

  private final FakeNetwork network = new FakeNetwork();
  private final SimulatedExecutor simulated = new SimulatedExecutor();
  private String where = "";
  private final FakeHooks hooks = new FakeHooks();
  private final FileTunnel tunnel =
      new FileTunnel(
          new InterfaceName("wg0"),
          network,
          Confs.nothingKnown(),
          Confs.nothingUsed(),
          listener ->
              new Endpoints(simulated, simulated, host -> InetAddress.ofLiteral(where), listener),
          hooks,
          simulated::now,
          () -> {});

  @Test
  void aFileBecomesATunnelInTheOrderOfWgQuick() {
    assertThat(apply(BASE, ALICE)).isTrue();
    FakeInterface wg0 = wg0();
    assertThat(wg0.calls).containsExactly("apply", "addAddress", "setMtu", "setLinkUp", "addRoute");
    assertThat(wg0.mtu()).isEqualTo(1420);
    assertThat(wg0.addresses).map(Prefix::toString).containsExactly("10.0.0.1/32");
    assertThat(wg0.routes).map(r -> r.destination().toString()).containsExactly("192.168.200.0/24");
    assertThat(wg0.snapshot().listenPort()).isEqualTo(51821);
    assertThat(wg0.snapshot().peers().getFirst().endpoint().orElseThrow())
        .hasToString("203.0.113.2:51822");
    assertThat(tunnel.findings()).isEmpty();
  }

  @Test
  void theSameFileAgainCallsNothing() {
    apply(BASE, ALICE, BOB);
    wg0().calls.clear();
    assertThat(apply("# a comment\n" + BASE, ALICE + "\n", BOB)).isTrue();
    assertThat(wg0().calls).isEmpty();
  }

  @Test
  void onlyTheChangedPeerChanges() {
    apply(BASE, ALICE, BOB);
    wg0().calls.clear();
    apply(BASE, ALICE, peer(2, "AllowedIPs = 192.168.201.0/24\nPersistentKeepalive = 25\n"));
    assertThat(wg0().calls).containsExactly("apply");
    DeviceChange change = wg0().changes.getLast();
    assertThat(change.privateKey()).isEmpty();
    assertThat(change.listenPort()).isEmpty();
    assertThat(change.replacePeers()).isFalse();
    PeerChange bob = only(change);
    assertThat(bob.publicKey()).isEqualTo(key(2));
    assertThat(bob.persistentKeepalive()).hasValue(25);
    assertThat(bob.replaceAllowedIps()).isFalse();
    assertThat(bob.allowedIps()).isEmpty();
  }

  @Test
  void allowedIpsAreReplacedInOneStepAndRoutesFollow() {
    apply(BASE, ALICE, BOB);
    apply(BASE, ALICE, peer(2, "AllowedIPs = 192.168.202.0/24\n"));
    PeerChange bob = only(wg0().changes.getLast());
    assertThat(bob.replaceAllowedIps()).isTrue();
    assertThat(bob.allowedIps())
        .map(ip -> ip.prefix().toString())
        .containsExactly("192.168.202.0/24");
    assertThat(wg0().routes)
        .map(r -> r.destination().toString())
        .containsExactlyInAnyOrder("192.168.200.0/24", "192.168.202.0/24");
  }

  @Test
  void aRemovedPeerGoesAndItsRouteToo() {
    apply(BASE, ALICE, BOB);
    apply(BASE, BOB);
    PeerChange alice = only(wg0().changes.getLast());
    assertThat(alice.publicKey()).isEqualTo(key(1));
    assertThat(alice.remove()).isTrue();
    assertThat(wg0().routes)
        .map(r -> r.destination().toString())
        .containsExactly("192.168.201.0/24");
  }

  @Test
  void aRoamedPeerStaysWhereItIsUntilTheFileSaysSomethingNew() {
    apply(BASE, ALICE, BOB);
    Endpoint elsewhere = Endpoint.of(new InetSocketAddress("198.51.100.7", 4000));
    wg0().roam(key(1), elsewhere);
    wg0().calls.clear();
    apply(BASE, ALICE);
    assertThat(only(wg0().changes.getLast()).publicKey()).isEqualTo(key(2));
    assertThat(wg0().snapshot().peers().getFirst().endpoint()).contains(elsewhere);
    apply(BASE, ALICE.replace(":51822", ":51823"));
    assertThat(wg0().snapshot().peers().getFirst().endpoint().orElseThrow())
        .hasToString("203.0.113.2:51823");
  }

  @Test
  void whatLeftTheFileIsCleared() {
    String psk = "PresharedKey = 6K2bvaCBiLb8XIyPq0qHnkRTRtqlNKFpT0DsBLVbdXg=\n";
    apply(BASE + "FwMark = 7\n", peer(1, psk + "PersistentKeepalive = 5\n"));
    apply(BASE, peer(1, ""));
    DeviceChange change = wg0().changes.getLast();
    assertThat(change.fwMark()).hasValue(0);
    assertThat(only(change).presharedKey().orElseThrow().isZero()).isTrue();
    assertThat(only(change).persistentKeepalive()).hasValue(0);
    assertThat(wg0().snapshot().peers().getFirst().presharedKey()).isEmpty();
  }

  @Test
  void aFreePortIsChosenOnce() {
    apply("Address = 10.0.0.1/32\n", ALICE);
    assertThat(wg0().changes.getFirst().listenPort()).isEmpty();
    apply(BASE, ALICE);
    assertThat(wg0().snapshot().listenPort()).isEqualTo(51821);
    apply("Address = 10.0.0.1/32\n", ALICE);
    assertThat(wg0().changes.getLast().listenPort()).hasValue(0);
    wg0().calls.clear();
    apply("Address = 10.0.0.1/32\n", ALICE);
    assertThat(wg0().calls).isEmpty();
  }

  @Test
  void changedAddressesKeepTheRoutes() {
    apply(BASE, ALICE);
    apply(BASE.replace("10.0.0.1/32", "10.0.0.2/32"), ALICE);
    assertThat(wg0().addresses).map(Prefix::toString).containsExactly("10.0.0.2/32");
    assertThat(wg0().routes).hasSize(1);
    assertThat(wg0().changes).hasSize(1);
  }

  @Test
  void theMtuIsGivenOrWhatTheNarrowestWayLeaves() {
    network.pathMtu = java.util.OptionalInt.of(1400);
    apply(BASE, ALICE);
    assertThat(wg0().mtu()).isEqualTo(1320);
    apply(BASE + "MTU = 1280\n", ALICE);
    assertThat(wg0().mtu()).isEqualTo(1280);
    network.pathMtu = java.util.OptionalInt.empty();
    apply(BASE, ALICE);
    assertThat(wg0().mtu()).isEqualTo(1420);
  }

  @Test
  void aFailedStartLeavesNothing() {
    for (String step : List.of("apply", "addAddress", "setMtu", "setLinkUp", "addRoute")) {
      network.failing = step;
      assertThat(apply(BASE, ALICE)).as(step).isFalse();
      assertThat(network.interfaces).isEmpty();
      assertThat(codes()).containsExactly("NOT-APPLIED");
      assertThat(tunnel.view()).isEqualTo(FileTunnel.View.NOTHING);
    }
    assertThat(apply(BASE, ALICE)).isTrue();
    assertThat(codes()).isEmpty();
  }

  @Test
  void aFailedChangeLeavesEverythingAsItWas() {
    apply(BASE, ALICE);
    FakeInterface wg0 = wg0();
    for (String step : List.of("addAddress", "setMtu", "addRoute", "apply")) {
      network.failing = step;
      assertThat(
              apply(
                  BASE.replace("10.0.0.1/32", "10.0.0.1/32, 10.1.0.1/32") + "MTU = 1300\n",
                  ALICE,
                  BOB))
          .as(step)
          .isFalse();
      assertThat(wg0().addresses).map(Prefix::toString).containsExactly("10.0.0.1/32");
      assertThat(wg0().routes).hasSize(1);
      assertThat(wg0().mtu()).isEqualTo(1420);
      assertThat(wg0().snapshot().peers()).hasSize(1);
      assertThat(wg0()).isSameAs(wg0);
    }
  }

  @Test
  void aPortInUseIsSaidAndTheOldGoesOn() {
    apply(BASE, ALICE);
    network.portsInUse.add(53);
    assertThat(apply(BASE.replace("51821", "53"), ALICE, BOB)).isFalse();
    assertThat(codes()).containsExactly("PORT-IN-USE");
    assertThat(wg0().snapshot().listenPort()).isEqualTo(51821);
    assertThat(wg0().snapshot().peers()).hasSize(1);
  }

  @Test
  void aForeignInterfaceIsNeverTouched() {
    network.foreign.add("wg0");
    assertThat(apply(BASE, ALICE)).isFalse();
    assertThat(codes()).containsExactly("INTERFACE-EXISTS");
    assertThat(network.interfaces).isEmpty();
  }

  @Test
  void hooksAreNotRunAndThatIsSaid() {
    hooks.on = false;
    assertThat(apply(BASE + "PostUp = touch /tmp/x\n", ALICE)).isTrue();
    assertThat(codes()).containsExactly("HOOKS-OFF");
  }

  @Test
  void aPeerThatDoesNotAnswerMovesToWhereItsNameLeadsNow() {
    String carol = peer(3, "Endpoint = carol.example:7\n");
    where = "192.0.2.1";
    apply(BASE, carol, BOB);
    simulated.pass(0, SECONDS);
    assertThat(endpointOf(3)).isEqualTo("192.0.2.1:7");
    where = "192.0.2.2";

    wg0().stateOf(key(3), PeerSnapshot.State.UP, -1);
    lookAfterPeers();
    assertThat(endpointOf(3)).isEqualTo("192.0.2.1:7");

    wg0().stateOf(key(3), PeerSnapshot.State.RETRYING, SECONDS.toNanos(20));
    lookAfterPeers();
    assertThat(endpointOf(3)).isEqualTo("192.0.2.2:7");

    // It has found its way by itself while its name was looked up.
    where = "192.0.2.3";
    wg0().stateOf(key(3), PeerSnapshot.State.RETRYING, SECONDS.toNanos(60));
    tunnel.lookAfterPeers();
    wg0().roam(key(3), Endpoint.of(new InetSocketAddress("192.0.2.9", 9)));
    wg0().stateOf(key(3), PeerSnapshot.State.UP, -1);
    simulated.pass(0, SECONDS);
    assertThat(endpointOf(3)).isEqualTo("192.0.2.9:9");
  }

  private void lookAfterPeers() {
    tunnel.lookAfterPeers();
    simulated.pass(0, SECONDS);
  }

  private String endpointOf(int seed) {
    return wg0().snapshot().peers().stream()
        .filter(peer -> peer.publicKey().equals(key(seed)))
        .findFirst()
        .orElseThrow()
        .endpoint()
        .orElseThrow()
        .toString();
  }

  @Test
  void whatSomebodyTakesAwayIsPutBackAndThatIsSaid() {
    apply(BASE.replace("/32", "/32, fd00::1/64"), ALICE, BOB);
    String before = network.state();
    wg0().addresses.clear();
    wg0().routes.removeIf(route -> route.destination().equals(Prefix.parse("192.168.201.0/24")));
    wg0().calls.clear();
    tunnel.heal(true);
    assertThat(wg0().calls).containsExactly("addAddress", "addAddress", "addRoute");
    assertThat(network.state()).isEqualTo(before);
    assertThat(codes()).containsExactly("PUT-BACK");
    assertThat(tunnel.findings().getFirst().message())
        .endsWith("address 10.0.0.1/32, address fd00::1/64, route 192.168.201.0/24");
    wg0().calls.clear();
    simulated.pass(601, SECONDS);
    tunnel.heal(true);
    assertThat(wg0().calls).isEmpty();
    assertThat(codes()).isEmpty();
  }

  @Test
  void aRuleOfThePolicyRoutingIsPutBack() {
    apply(BASE, peer(1, "AllowedIPs = 0.0.0.0/0\n"));
    String before = network.state();
    network.outside.values().removeIf(Outside.Rule.class::isInstance);
    assertThat(network.state()).isNotEqualTo(before);
    tunnel.heal(true);
    assertThat(network.state()).isEqualTo(before);
    assertThat(codes()).containsExactly("PUT-BACK");
  }

  @Test
  void aFightIsGivenUpAndBegunAnewAfterAWhile() {
    apply(BASE, ALICE);
    for (int i = 0; i < 5; i++) {
      wg0().routes.clear();
      tunnel.heal(true);
      assertThat(wg0().routes).hasSize(1);
      simulated.pass(1, SECONDS);
    }
    wg0().routes.clear();
    tunnel.heal(true);
    assertThat(wg0().routes).isEmpty();
    assertThat(codes()).contains("CONTESTED");
    simulated.pass(599, SECONDS);
    tunnel.tryAgain();
    assertThat(wg0().routes).isEmpty();
    simulated.pass(2, SECONDS);
    tunnel.tryAgain();
    assertThat(wg0().routes).hasSize(1);
    assertThat(codes()).containsExactly("PUT-BACK");
  }

  @Test
  void anInterfaceThatIsDeletedAgainAndAgainIsMadeAgainEverMoreRarely() {
    apply(BASE, ALICE);
    for (int i = 0; i < 5; i++) {
      wg0().delete();
      assertThat(apply(BASE, ALICE)).isTrue();
    }
    wg0().delete();
    assertThat(apply(BASE, ALICE)).isFalse();
    assertThat(apply(BASE, ALICE)).isFalse();
    assertThat(codes()).containsExactly("CONTESTED");
    tunnel.tryAgain();
    assertThat(apply(BASE, ALICE)).isTrue();
    assertThat(codes()).isEmpty();
  }

  @Test
  void aLinkThatIsSetDownStaysDownAndComesBackWhole() {
    apply(BASE.replace("/32", "/32, fd00::1/64"), ALICE, BOB);
    String before = network.state();
    wg0().setLinkDown();
    tunnel.heal(true);
    assertThat(wg0().isLinkUp()).isFalse();
    assertThat(codes()).containsExactly("LINK-DOWN");
    assertThat(tunnel.findings().getFirst().remedy()).contains("ip link set wg0 up");
    assertThat(wg0().routes).isEmpty();

    // The file may change meanwhile; what a link that is down can have, it gets.
    assertThat(apply(BASE, ALICE)).isTrue();
    assertThat(wg0().isLinkUp()).isFalse();
    assertThat(wg0().snapshot().peers()).hasSize(1);
    assertThat(apply(BASE.replace("/32", "/32, fd00::1/64"), ALICE, BOB)).isTrue();

    for (int i = 0; i < 10; i++) {
      wg0().setLinkDown();
      tunnel.heal(true);
      wg0().setLinkUpByHand();
      tunnel.heal(true);
      assertThat(network.state()).isEqualTo(before);
      assertThat(codes()).isEmpty();
    }
  }

  @Test
  void anMtuThatIsSetByHandStays() {
    apply(BASE, ALICE);
    wg0().setMtuByHand(1300);
    tunnel.heal(true);
    assertThat(wg0().mtu()).isEqualTo(1300);
    assertThat(codes()).containsExactly("MTU-CHANGED");
    apply(BASE, ALICE, BOB);
    network.pathMtu = java.util.OptionalInt.of(1400);
    tunnel.heal(true);
    assertThat(wg0().mtu()).isEqualTo(1300);
    apply(BASE + "MTU = 1290\n", ALICE, BOB);
    tunnel.heal(true);
    assertThat(wg0().mtu()).isEqualTo(1290);
    assertThat(codes()).isEmpty();
  }

  @Test
  void aComputedMtuFollowsTheWayToThePeers() {
    apply(BASE, ALICE);
    network.pathMtu = java.util.OptionalInt.of(1400);
    tunnel.heal(true);
    assertThat(wg0().mtu()).isEqualTo(1320);
    assertThat(codes()).isEmpty();
    apply(BASE + "MTU = 1280\n", ALICE);
    network.pathMtu = java.util.OptionalInt.of(1300);
    tunnel.heal(true);
    assertThat(wg0().mtu()).isEqualTo(1280);
  }

  @Test
  void aRenamedInterfaceGoesOnUnderItsNewName() {
    apply(BASE, ALICE);
    wg0().nameHere = java.util.Optional.of("other");
    wg0().routes.clear();
    tunnel.heal(true);
    assertThat(codes()).containsExactly("RENAMED", "PUT-BACK");
    assertThat(wg0().routes).hasSize(1);
    wg0().nameHere = java.util.Optional.of("wg0");
    tunnel.heal(true);
    assertThat(codes()).containsExactly("PUT-BACK");
  }

  @Test
  void anInterfaceInAnotherNamespaceIsLeftAloneButForItsPeers() {
    apply(BASE, ALICE);
    wg0().nameHere = java.util.Optional.empty();
    wg0().routes.clear();
    wg0().calls.clear();
    tunnel.heal(true);
    assertThat(codes()).containsExactly("ELSEWHERE");
    assertThat(apply(BASE, ALICE, BOB)).isTrue();
    assertThat(wg0().calls).containsExactly("apply");
    assertThat(wg0().snapshot().peers()).hasSize(2);
  }

  @Test
  void whatCannotBePutBackIsSaid() {
    apply(BASE, ALICE);
    wg0().routes.clear();
    network.failing = "addRoute";
    tunnel.heal(true);
    assertThat(codes()).containsExactly("NOT-PUT-BACK");
    tunnel.heal(true);
    assertThat(codes()).containsExactly("PUT-BACK");
  }

  @Test
  void whatPostUpTookAwayIsNotPutBack() {
    apply(BASE + "PostUp = ip route del\n", ALICE, BOB);
    wg0().routes.removeIf(route -> route.destination().equals(Prefix.parse("192.168.201.0/24")));
    hooks.succeed();
    tunnel.heal(true);
    assertThat(wg0().routes).hasSize(1);
    assertThat(codes()).isEmpty();
    wg0().routes.clear();
    tunnel.heal(true);
    assertThat(wg0().routes).hasSize(1);
  }

  private static final String HOOKS = "PreUp = a\nPostUp = b\nPreDown = c\nPostDown = d\n";

  @Test
  void hooksRunWhereWgQuickRunsThem() {
    assertThat(apply(BASE + HOOKS, ALICE)).isFalse();
    assertThat(tunnel.isBusy()).isTrue();
    assertThat(hooks.ran).containsExactly("PreUp");
    assertThat(network.interfaces).isEmpty();
    hooks.succeed();
    assertThat(hooks.ran).containsExactly("PreUp", "PostUp");
    assertThat(wg0().routes).hasSize(1);
    hooks.succeed();
    assertThat(tunnel.runs(config(text(BASE + HOOKS, ALICE)))).isTrue();
    assertThat(tunnel.findings()).isEmpty();

    tunnel.takeDown(() -> hooks.ran.add("save"));
    assertThat(network.interfaces).hasSize(1);
    hooks.succeed();
    assertThat(network.interfaces).isEmpty();
    assertThat(tunnel.isBusy()).isTrue();
    hooks.succeed();
    assertThat(tunnel.isBusy()).isFalse();
    assertThat(hooks.ran).containsExactly("PreUp", "PostUp", "PreDown", "save", "PostDown");
  }

  @Test
  void aChangeOfTheFileRunsNoHooks() {
    up(BASE + HOOKS, ALICE);
    hooks.ran.clear();
    assertThat(apply(BASE + HOOKS.replace("a", "x"), ALICE, BOB)).isTrue();
    assertThat(hooks.ran).isEmpty();
  }

  @Test
  void aHookThatFailsOnTheWayUpUndoesEverythingAndIsNotTriedByItself() {
    for (int hook = 0; hook < 2; hook++) {
      tunnel.forgetFailures();
      apply(BASE + HOOKS, ALICE);
      if (hook == 1) {
        hooks.succeed();
      }
      hooks.fail();
      assertThat(network.interfaces).isEmpty();
      assertThat(tunnel.view()).isEqualTo(FileTunnel.View.NOTHING);
      assertThat(codes()).containsExactly("HOOK-FAILED");
      hooks.ran.clear();
      tunnel.tryAgain();
      assertThat(apply(BASE + HOOKS, ALICE)).isFalse();
      assertThat(tunnel.isBusy()).isFalse();
      assertThat(hooks.ran).isEmpty();
      assertThat(codes()).containsExactly("HOOK-FAILED");
    }
    // Another file is another try.
    apply(BASE + HOOKS + "MTU = 1400\n", ALICE);
    assertThat(tunnel.isBusy()).isTrue();
  }

  @Test
  void aPostUpThatFailsTakesPolicyRoutingAndNameServersAlong() {
    apply(BASE + "DNS = 192.0.2.53\nPostUp = x\n", peer(1, "AllowedIPs = 0.0.0.0/0, ::/0\n"));
    assertThat(network.outside).hasSize(7);
    hooks.fail();
    assertThat(network.outside).isEmpty();
    assertThat(network.noted.get("wg0")).isEmpty();
    assertThat(network.interfaces).isEmpty();
  }

  @Test
  void aStepThatFailsBetweenTheHooksUndoesEverythingAndIsTriedAgainLater() {
    for (String step : List.of("apply", "addAddress", "setMtu", "setLinkUp", "addRoute")) {
      tunnel.forgetFailures();
      apply(BASE + HOOKS, ALICE);
      network.failing = step;
      hooks.succeed();
      assertThat(tunnel.isBusy()).as(step).isFalse();
      assertThat(network.interfaces).isEmpty();
      assertThat(codes()).containsExactly("NOT-APPLIED");
      // Not at once, or hooks would run in a loop.
      apply(BASE + HOOKS, ALICE);
      assertThat(tunnel.isBusy()).isFalse();
      tunnel.tryAgain();
      apply(BASE + HOOKS, ALICE);
      assertThat(tunnel.isBusy()).isTrue();
      hooks.fail();
    }
  }

  @Test
  void aHookThatFailsOnTheWayDownKeepsNothingUp() {
    up(BASE + HOOKS, ALICE);
    tunnel.takeDown(() -> {});
    hooks.fail();
    hooks.fail();
    assertThat(tunnel.isBusy()).isFalse();
    assertThat(network.interfaces).isEmpty();
  }

  @Test
  void aTunnelThatIsNoLongerWantedWhileItStartsIsNotLeftBehind() {
    apply(BASE + HOOKS, ALICE);
    tunnel.takeDown(() -> {});
    assertThat(hooks.cancelled).isTrue();
    hooks.fail();
    assertThat(tunnel.isBusy()).isFalse();
    assertThat(network.interfaces).isEmpty();
    assertThat(codes()).isEmpty();

    // The last line was just done: then it is up, and goes down as any other.
    apply(BASE + HOOKS, ALICE);
    hooks.succeed();
    hooks.ran.clear();
    tunnel.takeDown(() -> {});
    hooks.succeed();
    assertThat(hooks.ran).containsExactly("PreDown");
    hooks.succeed();
    hooks.succeed();
    assertThat(network.interfaces).isEmpty();
    assertThat(tunnel.isBusy()).isFalse();
  }

  @Test
  void aDeletedInterfaceRunsTheHooksOfBothWays() {
    up(BASE + HOOKS, ALICE);
    hooks.ran.clear();
    wg0().delete();
    apply(BASE + HOOKS, ALICE);
    hooks.succeed();
    hooks.succeed();
    assertThat(tunnel.isBusy()).isFalse();
    up(BASE + HOOKS, ALICE);
    assertThat(hooks.ran).containsExactly("PreDown", "PostDown", "PreUp", "PostUp");
  }

  @Test
  void anInterfaceThatSomebodyDeletedIsMadeAgain() {
    apply(BASE, ALICE);
    wg0().delete();
    assertThat(tunnel.runs(config(text(BASE, ALICE)))).isFalse();
    assertThat(apply(BASE, ALICE)).isTrue();
    assertThat(wg0().routes).hasSize(1);
  }

  private void up(String lines, String... peers) {
    apply(lines, peers);
    hooks.succeed();
    hooks.succeed();
    assertThat(tunnel.runs(config(text(lines, peers)))).isTrue();
  }

  private boolean apply(String lines, String... peers) {
    return tunnel.apply(config(text(lines, peers)));
  }

  private FakeInterface wg0() {
    return network.interfaces.get("wg0");
  }

  private List<String> codes() {
    return tunnel.findings().stream().map(Finding::code).toList();
  }

  private static PeerChange only(DeviceChange change) {
    assertThat(change.peers()).hasSize(1);
    return change.peers().getFirst();
  }
}
