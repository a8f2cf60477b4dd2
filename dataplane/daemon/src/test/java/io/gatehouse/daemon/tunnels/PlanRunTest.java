// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.config;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.daemon.tunnels.FakeNetwork.FakeInterface;
import io.gatehouse.daemon.tunnels.Network.TunnelInterface;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.TunnelConfig;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Policy routing and name servers: by difference only, and whole or not at all. */
class PlanRunTest {
  private static final String LINES = "Address = 10.0.0.1/24, fd00::1/64\nListenPort = 51821\n";
  private static final TunnelConfig SPLIT =
      config(text(LINES, peer(1, "AllowedIPs = 10.1.0.0/16\n")));
  private static final TunnelConfig FULL =
      config(
          text(
              LINES + "DNS = 192.0.2.53, corp.example\n",
              peer(1, "AllowedIPs = 0.0.0.0/0, ::/0\n")));
  private static final TunnelConfig OTHER =
      config(
          text(
              """
              Address = 10.0.0.1/16, 10.9.0.1/32
              ListenPort = 51822
              MTU = 1300
              FwMark = 7
              DNS = 192.0.2.54
              """,
              peer(2, "AllowedIPs = 0.0.0.0/0, 10.2.0.0/16\n")));
  private static final TunnelConfig GATEWAY =
      config(
          text(
              LINES
                  + """
                  # gatehouse.masquerade = eth0
                  # gatehouse.port-forward = tcp 8080 -> 10.0.0.2:80
                  """,
              peer(1, "# gatehouse.allow = 192.168.1.0/24 tcp 443\nAllowedIPs = 10.0.0.2/32\n"),
              peer(2, "AllowedIPs = 10.0.0.3/32\n")));
  private static final TunnelConfig STRICTER =
      config(
          text(
              LINES + "# gatehouse.forwarding = eth1\n",
              peer(1, "# gatehouse.deny = 192.168.1.0/24\nAllowedIPs = 10.0.0.0/24\n"),
              peer(2, "AllowedIPs = 10.0.0.3/32\n")));
  private static final TunnelConfig BARE = config(text("ListenPort = 51821\n"));

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final FakeNetwork network = new FakeNetwork();
  private final FileTunnel tunnel = tunnel("wg0");

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void aDefaultRouteIsSetUpAsWgQuickDoesIt() {
    assertThat(tunnel.apply(FULL)).isTrue();
    assertThat(routes()).containsExactly("0.0.0.0/0 in 51820", "::/0 in 51820");
    assertThat(wg0().snapshot().fwMark()).isEqualTo(51820);
    assertThat(network.marksCountForSources).isTrue();
    assertThat(things())
        .containsExactly(
            "Dns[servers=NameServers[servers=[192.0.2.53], searchDomains=[corp.example]]]",
            "Rule[rule=-4 rule priority 32765 not fwmark 51820 table 51820]",
            "Rule[rule=-4 rule priority 32764 table 254 suppress_prefixlength 0]",
            "Guard[ipv6=false, mark=51820, addresses=[/10.0.0.1]]",
            "Rule[rule=-6 rule priority 32765 not fwmark 51820 table 51820]",
            "Rule[rule=-6 rule priority 32764 table 254 suppress_prefixlength 0]",
            "Guard[ipv6=true, mark=51820, addresses=[/fd00:0:0:0:0:0:0:1]]");
    assertThat(network.noted.get("wg0")).hasSize(7);
    assertThat(tunnel.findings()).isEmpty();
  }

  @Test
  void theTableIsTheFirstFreeOneFrom51820OrTheMarkOfTheFile() {
    network.tables.add(51820);
    network.tables.add(51821);
    tunnel.apply(FULL);
    assertThat(routes()).containsExactly("0.0.0.0/0 in 51822", "::/0 in 51822");
    tunnel.apply(OTHER);
    assertThat(routes()).contains("0.0.0.0/0 in 7").doesNotContain("0.0.0.0/0 in 51822");
    assertThat(wg0().snapshot().fwMark()).isEqualTo(7);
    assertThat(things()).noneMatch(thing -> thing.contains("51822"));
  }

  @Test
  void theTableStaysWhileItIsWantedAndNothingElseIsCalled() {
    tunnel.apply(FULL);
    network.tables.add(51820);
    wg0().calls.clear();
    List<String> before = things();
    assertThat(
            tunnel.apply(
                config(
                    text(
                        LINES + "DNS = 192.0.2.53, corp.example\n",
                        peer(1, "AllowedIPs = 0.0.0.0/0, ::/0\nPersistentKeepalive = 9\n")))))
        .isTrue();
    assertThat(wg0().calls).containsExactly("apply");
    assertThat(things()).isEqualTo(before);
  }

  @Test
  void addingADefaultRouteAddsTheRulesAndRemovingItTakesThemAway() {
    tunnel.apply(SPLIT);
    String split = network.state();
    tunnel.apply(FULL);
    assertThat(things()).hasSize(7);
    // Our own packets were marked before a rule sent all others into the tunnel.
    assertThat(wg0().changes.get(1).fwMark()).hasValue(51820);
    assertThat(wg0().changes.get(1).peers()).isEmpty();
    tunnel.apply(SPLIT);
    network.marksCountForSources = false; // stays on, as wg-quick leaves it
    assertThat(network.state()).isEqualTo(split);
  }

  @Test
  void changedAddressesAreGuarded() {
    tunnel.apply(FULL);
    tunnel.apply(
        config(
            text(
                LINES.replace("10.0.0.1", "10.0.0.2"), peer(1, "AllowedIPs = 0.0.0.0/0, ::/0\n"))));
    assertThat(things())
        .contains("Guard[ipv6=false, mark=51820, addresses=[/10.0.0.2]]")
        .noneMatch(thing -> thing.startsWith("Dns"));
  }

  @Test
  void twoTunnelsWithDefaultRoutesHaveTablesAndRulesOfTheirOwn() {
    tunnel.apply(FULL);
    network.tables.add(51820);
    List<String> first = things();
    FileTunnel second = tunnel("wg1");
    assertThat(second.apply(config(text("", peer(1, "AllowedIPs = 0.0.0.0/0\n"))))).isTrue();
    assertThat(things())
        .containsAll(first)
        .contains(
            "Rule[rule=-4 rule priority 32763 not fwmark 51821 table 51821]",
            "Rule[rule=-4 rule priority 32762 table 254 suppress_prefixlength 0]");
    tunnel.takeDown(() -> {});
    assertThat(things()).hasSize(3).noneMatch(thing -> thing.contains("51820"));
    second.takeDown(() -> {});
    assertThat(things()).isEmpty();
  }

  @Test
  void takenDownNothingIsLeftAndNothingIsNoted() {
    tunnel.apply(FULL);
    tunnel.takeDown(() -> {});
    assertThat(things()).isEmpty();
    assertThat(network.interfaces).isEmpty();
    assertThat(network.noted.get("wg0")).isEmpty();
  }

  @Test
  void whatResistsStaysNotedAndIsSweptBeforeTheNextStart() {
    tunnel.apply(FULL);
    network.failing = "remove";
    tunnel.takeDown(() -> {});
    assertThat(network.interfaces).isEmpty();
    assertThat(network.noted.get("wg0")).hasSize(1);
    network.swept.clear();
    tunnel.apply(SPLIT);
    assertThat(network.swept).containsExactly("wg0");
  }

  @Test
  void whereNothingManagesNameServersNoneIsSetAndThatIsSaid() {
    network.managesNameServers = false;
    assertThat(tunnel.apply(FULL)).isTrue();
    assertThat(things()).noneMatch(thing -> thing.startsWith("Dns"));
    assertThat(tunnel.findings()).map(Finding::code).containsExactly("NO-DNS-MANAGER");
  }

  @Test
  void nameServersThatAreNoneAreRefused() {
    assertThat(tunnel.apply(config(text("DNS = 300.1.1.1\n")))).isFalse();
    assertThat(tunnel.findings()).map(Finding::code).containsExactly("NOT-APPLIED");
    assertThat(network.interfaces).isEmpty();
  }

  @Test
  void aGatewaySetsItsTableBeforeItsPeersComeAndForwardsWhereItMust() {
    assertThat(tunnel.apply(GATEWAY)).isTrue();
    assertThat(things())
        .containsExactly(
            "Gateway[table=GatewayTable[masquerades=[eth0], portForwards=[tcp 8080 -> 10.0.0.2:80],"
                + " access=[Access[sources=[10.0.0.2/32], allow=[192.168.1.0/24 tcp 443],"
                + " deny=[]]]]]",
            "Forwards[ipv6=false, by=Own[], before=[]]",
            "Forwards[ipv6=false, by=By[name=eth0], before=[]]",
            "Forwards[ipv6=true, by=Any[], before=[]]");
    tunnel.takeDown(() -> {});
    assertThat(things()).isEmpty();
    assertThat(network.noted.get("wg0")).isEmpty();
  }

  @Test
  void peersThatGoAreNotFreeForAMoment() {
    tunnel.apply(GATEWAY);
    List<String> atApply = new ArrayList<>();
    wg0().beforeApply = () -> atApply.add(things().getFirst());
    TunnelConfig others =
        config(
            text(
                LINES,
                peer(2, "AllowedIPs = 10.0.0.3/32\n"),
                peer(3, "# gatehouse.deny = 192.168.1.0/24\nAllowedIPs = 10.0.0.4/32\n")));

    assertThat(tunnel.apply(others)).isTrue();

    String closed = "Access[sources=[10.0.0.2/32], allow=[], deny=[0.0.0.0/0, ::/0]]";
    String coming = "Access[sources=[10.0.0.4/32], allow=[], deny=[192.168.1.0/24]]";
    assertThat(atApply).singleElement().asString().contains(closed, coming);
    assertThat(things().getFirst()).contains(coming).doesNotContain("10.0.0.2");
    assertThat(network.noted.get("wg0")).hasSize(1);

    // With the last rule the table goes, but not before the peer.
    atApply.clear();
    assertThat(tunnel.apply(BARE)).isTrue();
    assertThat(atApply).singleElement().asString().contains("[10.0.0.4/32], allow=[], deny=[0.");
    assertThat(things()).isEmpty();
  }

  @Test
  void anAddressThatMovesToAnotherPeerIsClosedUntilItHasMoved() {
    tunnel.apply(GATEWAY);
    List<String> atApply = new ArrayList<>();
    wg0().beforeApply = () -> atApply.add(things().getFirst());
    tunnel.apply(
        config(
            text(
                LINES,
                peer(1, "# gatehouse.allow = 192.168.1.0/24 tcp 443\nAllowedIPs = 10.0.0.9/32\n"),
                peer(2, "AllowedIPs = 10.0.0.2/32\n"))));
    assertThat(atApply)
        .singleElement()
        .asString()
        .contains("[10.0.0.2/32], allow=[], deny=[0.0.0.0/0, ::/0]")
        .contains("[10.0.0.9/32], allow=[192.168.1.0/24 tcp 443]");
    assertThat(things().getFirst()).doesNotContain("10.0.0.2/32");
  }

  @Test
  void aTableThatDoesAllAlongIsSetOnce() {
    tunnel.apply(GATEWAY);
    int puts = network.puts;
    tunnel.apply(
        config(
            text(
                LINES + "# gatehouse.masquerade = eth0\n",
                peer(1, "# gatehouse.allow = 192.168.2.0/24\nAllowedIPs = 10.0.0.2/32\n"))));
    assertThat(network.puts).isEqualTo(puts + 1);
  }

  @Test
  void aPeerWithoutRulesInsideOfOneWithThemIsFree() {
    tunnel.apply(STRICTER);
    assertThat(things().getFirst())
        .contains(
            "Access[sources=[10.0.0.0/24], allow=[], deny=[192.168.1.0/24]],"
                + " Access[sources=[10.0.0.3/32], allow=[], deny=[]]");
  }

  @Test
  void whatIsForwardedAlreadyIsNotSwitched() {
    network.forwardsByItself = true;
    tunnel.apply(GATEWAY);
    assertThat(things()).hasSize(1);
  }

  @Test
  void anEqualGatewayCallsNothing() {
    tunnel.apply(GATEWAY);
    network.failing = "put";
    wg0().calls.clear();
    assertThat(
            tunnel.apply(
                config(
                    text(
                        LINES
                            + """
                            # gatehouse.port-forward = tcp 8080 -> 10.0.0.2:80
                            # gatehouse.masquerade=eth0
                            """,
                        peer(
                            1,
                            "# gatehouse.allow = 192.168.1.0/24  TCP 443\nAllowedIPs = 10.0.0.2\n"),
                        "#[disabled] [Peer]\n#[disabled] # gatehouse.deny = 10.0.0.0/8\n"
                            + "#[disabled] PublicKey = "
                            + Confs.key(3)
                            + "\n#[disabled] AllowedIPs = 10.0.0.9/32\n",
                        peer(2, "AllowedIPs = 10.0.0.3/32\n")))))
        .isTrue();
    assertThat(wg0().calls).isEmpty();
    assertThat(network.failing).isEqualTo("put");
  }

  @Test
  void anEmptyPlanCallsNothing() throws Exception {
    tunnel.apply(FULL);
    Plan nothing = tunnel.foresee(FULL, network).plan();
    assertThat(nothing.isEmpty()).isTrue();
    List<String> calls = new ArrayList<>();
    PlanRun.run(
        new InterfaceName("wg0"),
        counted(Network.class, calls),
        counted(TunnelInterface.class, calls),
        nothing);
    assertThat(calls).isEmpty();

    Plan something = tunnel.foresee(SPLIT, network).plan();
    assertThatThrownBy(
            () ->
                PlanRun.run(
                    new InterfaceName("wg0"),
                    counted(Network.class, calls),
                    counted(TunnelInterface.class, calls),
                    something))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(calls).isNotEmpty();
  }

  /** One that notes down each call and can do nothing. */
  private static <T> T counted(Class<T> type, List<String> calls) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              calls.add(method.getName());
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  private FileTunnel tunnel(String name) {
    return new FileTunnel(
        new InterfaceName(name),
        network,
        Confs.nothingKnown(),
        Confs.nothingUsed(),
        listener -> new Endpoints(executor, executor, InetAddress::ofLiteral, listener),
        new FakeHooks(),
        System::nanoTime,
        () -> {});
  }

  private FakeInterface wg0() {
    return network.interfaces.get("wg0");
  }

  private List<String> routes() {
    return wg0().routes.stream().map(r -> r.destination() + " in " + r.table()).toList();
  }

  private List<String> things() {
    return network.outside.values().stream().map(Object::toString).toList();
  }
}
