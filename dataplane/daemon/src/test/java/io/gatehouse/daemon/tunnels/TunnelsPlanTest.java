// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.key;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PlanOutcome;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.TunnelPlan;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would be done is said beforehand, over all tunnels at once, and nothing is done. */
class TunnelsPlanTest {
  private static final String PSK = "6K2bvaCBiLb8XIyPq0qHnkRTRtqlNKFpT0DsBLVbdXg=";
  private static final String ONE =
      text(
          "Address = 10.0.0.1/24\nListenPort = 51821\n",
          peer(1, "# friendly_name = Alice\nAllowedIPs = 10.1.0.0/16\n"),
          peer(2, "AllowedIPs = 10.2.0.0/16\nPersistentKeepalive = 25\n"));
  private static final String FULL =
      text("DNS = 192.0.2.53\n", peer(3, "AllowedIPs = 0.0.0.0/0\nEndpoint = vpn.example:7\n"));

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
  void whereNothingDiffersThereIsNothingToDo() throws IOException {
    assertThat(plan().text()).isEqualTo("Nothing to do.\n");
    write("wg0.conf", ONE);
    settle();
    assertThat(plan().text()).isEqualTo("Nothing to do.\n");
    write("wg0.conf", "# another comment\n" + ONE);
    assertThat(plan().isEmpty()).isTrue();
  }

  @Test
  void aTunnelThatWouldComeIsShownWithAllThatItBrings() throws IOException {
    write("wg0.conf", ONE.replace("[Peer]\n", "[Peer]\nPresharedKey = " + PSK + "\n"));
    assertThat(plan().text())
        .isEqualTo(
            """
            wg0.conf comes up
              + device PrivateKey: (hidden) (line 2)
              + device ListenPort: 51821 (line 4)
              + peer Alice (%s): AllowedIPs 10.1.0.0/16; PresharedKey (hidden) (line 7)
              + peer %s: AllowedIPs 10.2.0.0/16; PersistentKeepalive 25; PresharedKey (hidden)\
             (line 12)
              + address 10.0.0.1/24 (line 3)
              + MTU: 1420 (line 1)
              + route 10.1.0.0/16 (line 9)
              + route 10.2.0.0/16 (line 13)
            """
                .formatted(key(1), key(2)));
    assertThat(network.interfaces).isEmpty();
  }

  @Test
  void aChangedFileIsShownByItsDifferenceAndNothingIsDone() throws IOException {
    write("wg0.conf", ONE);
    settle();
    String before = network.state();
    write(
        "wg0.conf",
        text(
            "Address = 10.0.0.2/24\nMTU = 1300\nFwMark = 7\n",
            peer(
                1,
                "# friendly_name = Alice\nPresharedKey = "
                    + PSK
                    + "\nAllowedIPs = 10.1.0.0/16, 10.3.0.0/16\n"),
            peer(3, "AllowedIPs = 10.2.0.0/16\n")));
    assertThat(plan().text())
        .isEqualTo(
            """
            wg0.conf changes
              ~ device ListenPort: 51821 -> any (line 1)
              + device FwMark: 0x7 (line 5)
              - peer %2$s: AllowedIPs 10.2.0.0/16; PersistentKeepalive 25
              ~ peer Alice (%1$s) AllowedIPs: 10.1.0.0/16 -> 10.1.0.0/16, 10.3.0.0/16 (line 10)
              ~ peer Alice (%1$s) PresharedKey: none -> (hidden) (line 9)
              + peer %3$s: AllowedIPs 10.2.0.0/16 (line 12)
              + address 10.0.0.2/24 (line 3)
              - address 10.0.0.1/24
              ~ MTU: 1420 -> 1300 (line 4)
              + route 10.3.0.0/16 (line 10)
            """
                .formatted(key(1), key(2), key(3)));
    assertThat(network.state()).isEqualTo(before);
  }

  @Test
  void theSameAsJsonHoldsNoKey() throws IOException {
    write("wg0.conf", ONE + "PresharedKey = " + PSK + "\n");
    String json = RecordCodec.write(plan()).toString();
    assertThat(json)
        .contains("\"outcome\":\"COMES_UP\"", "\"kind\":\"PEER\"", key(1).toString())
        .doesNotContain(PSK)
        .doesNotContain(Confs.PRIVATE_KEY);
    assertThat(plan().text()).doesNotContain(PSK).doesNotContain(Confs.PRIVATE_KEY);
  }

  @Test
  void aTunnelWhoseFileIsGoneWouldGoDown() throws IOException {
    write("wg0.conf", ONE);
    settle();
    Files.delete(path.resolve("tunnels/wg0.conf"));
    assertThat(plan().text())
        .isEqualTo(
            """
            wg0.conf goes down
              - peer Alice (%s): AllowedIPs 10.1.0.0/16
              - peer %s: AllowedIPs 10.2.0.0/16; PersistentKeepalive 25
              - address 10.0.0.1/24
              - route 10.1.0.0/16
              - route 10.2.0.0/16
            """
                .formatted(key(1), key(2)));
    assertThat(network.interfaces).hasSize(1);
  }

  @Test
  void twoDefaultRoutesArePlannedOneAfterTheOther() throws IOException {
    write("wg0.conf", FULL);
    write("wg1.conf", FULL);
    String text = plan().text();
    assertThat(text)
        .contains(
            "  + DNS: 192.0.2.53 (line 3)\n",
            "  + route 0.0.0.0/0 table 51820 (line 6)\n",
            "  + rule -4 rule priority 32765 not fwmark 51820 table 51820\n",
            "  + nftables ip wg-quick-wg0: mark 0xca6c\n",
            "  + route 0.0.0.0/0 table 51821 (line 6)\n",
            "  + rule -4 rule priority 32763 not fwmark 51821 table 51821\n",
            "; Endpoint vpn.example:7 (line 5)\n");
    settle();
    assertThat(network.interfaces.get("wg1").routes).map(TunnelRoute::table).containsOnly(51821);
  }

  @Test
  void theTableOfATunnelThatGoesIsFreeForTheNext() throws IOException {
    write("wg0.conf", FULL);
    settle();
    Files.move(path.resolve("tunnels/wg0.conf"), path.resolve("tunnels/wg1.conf"));
    assertThat(plan().tunnels())
        .extracting(TunnelPlan::outcome)
        .containsExactly(PlanOutcome.GOES_DOWN, PlanOutcome.COMES_UP);
    assertThat(plan().text()).contains("  + route 0.0.0.0/0 table 51820 (line 6)\n");
  }

  @Test
  void whatAGatewayDoesIsSaidInTheWordsOfTheFile() throws IOException {
    write(
        "wg0.conf",
        text(
            "Address = 10.0.0.1/24\n# gatehouse.masquerade = eth0\n",
            peer(1, "# gatehouse.allow = 192.168.1.0/24 tcp 443\nAllowedIPs = 10.0.0.2/32\n")));
    assertThat(plan().text())
        .contains(
            "  + nftables inet gatehouse-wg0: masquerade eth0; 10.0.0.2/32 allow 192.168.1.0/24 tcp"
                + " 443\n",
            "  + forwarding IPv4 from wg0\n",
            "  + forwarding IPv4 from eth0\n");
  }

  @Test
  void aFileWithAnErrorIsNotAppliedAndThatIsSaid() throws IOException {
    write("wg0.conf", ONE);
    settle();
    write("wg0.conf", ONE + "Foo = 1\n");
    write("not a name.conf", ONE);
    network.foreign.add("eth5");
    write("eth5.conf", ONE);
    assertThat(plan().tunnels())
        .extracting(TunnelPlan::outcome)
        .containsOnly(PlanOutcome.NOT_APPLIED);
    assertThat(plan().tunnels())
        .flatExtracting(TunnelPlan::findings)
        .extracting(f -> f.code())
        .containsExactly("INTERFACE-EXISTS", "FILE-NAME", "UNKNOWN-KEY");
    assertThat(plan().text()).contains("  error: wg0.conf:13: ");
  }

  @Test
  void whatWasChangedByHandIsInThePlanToo() throws Exception {
    write("wg0.conf", ONE);
    settle();
    FakeNetwork.FakeInterface wg0 = network.interfaces.get("wg0");
    wg0.addresses.add(Prefix.parse("10.9.0.1/32"));
    wg0.addresses.add(Prefix.parse("fe80::1/64"));
    wg0.routes.removeIf(route -> route.destination().equals(Prefix.parse("10.1.0.0/16")));
    wg0.setMtuByHand(1280);
    wg0.apply(ByHand.keepalive(key(2), 9));
    assertThat(plan().text())
        .isEqualTo(
            """
            wg0.conf changes
              ~ peer %s PersistentKeepalive: 9 -> 25 (line 12)
              - address 10.9.0.1/32
              ~ MTU: 1280 -> 1420 (line 1)
              + route 10.1.0.0/16 (line 8)
            """
                .formatted(key(2)));
  }

  @Test
  void filesAreThoughtOfAsPutIntoTheDirectoryAndNothingElseIsSaid() throws IOException {
    write("wg0.conf", ONE);
    settle();
    write("wg5.conf", ONE);
    assertThat(
            tunnels
                .plan(
                    List.of(
                        document("wg0.conf", ONE.replace("= 25", "= 5")),
                        document("wg7.conf", "[Interface]\nFoo = 1\n"),
                        document("x.txt", ONE)))
                .tunnels())
        .extracting(TunnelPlan::file, TunnelPlan::outcome, plan -> plan.lines().size())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("wg0.conf", PlanOutcome.CHANGES, 1),
            org.assertj.core.groups.Tuple.tuple("wg7.conf", PlanOutcome.NOT_APPLIED, 0),
            org.assertj.core.groups.Tuple.tuple("x.txt", PlanOutcome.NOT_APPLIED, 0));
    assertThat(tunnels.status().tunnels()).hasSize(1);
  }

  @Test
  void aTunnelThatIsHeldDownIsNotInThePlan() throws IOException {
    write("wg0.conf", ONE);
    settle();
    tunnels.down("wg0");
    write("wg0.conf", FULL);
    assertThat(plan().isEmpty()).isTrue();
  }

  @Test
  void hooksAreInThePlanWhereTheyWouldRunWithoutTheirKeys() throws IOException {
    String hooked = ONE.replace("[Interface]\n", "[Interface]\nPostUp = echo " + PSK + " >> x\n");
    write("wg0.conf", hooked);
    assertThat(plan().tunnels().getFirst().findings())
        .extracting(f -> f.code())
        .containsExactly("HOOKS-OFF");
    tunnels.close();
    tunnels = start(Optional.of(Duration.ofSeconds(60)));
    assertThat(plan().text()).contains("  + hook PostUp: echo (hidden) >> x\n");
  }

  private PlanStatus plan() throws IOException {
    return tunnels.plan(List.of());
  }

  private static WgQuickFile document(String name, String text) {
    return WgQuickFile.parse(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, String text) throws IOException {
    Path file = path.resolve("tunnels").resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private void settle() {
    for (int i = 0; i < 2; i++) {
      now += TunnelDirectory.SETTLE_NANOS;
      var _ = tunnels.onControlThread(() -> tunnels.look(now));
    }
  }
}
