// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static io.gatehouse.daemon.datapath.Machine.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an administrator and a network do to a running tunnel, and that it goes on: two tunnels of
 * this process on two machines. Needs root.
 */
@ParameterizedClass(name = "{0} queues")
@ValueSource(ints = {1, 2})
class TunnelLifeIT {
  private static final int PORT = 51820;

  @Parameter int queues;

  private Machine a;
  private Machine b;
  private Tunnel tunnel;
  private Tunnel far;

  @BeforeEach
  void start() throws Exception {
    Machine[] pair = Machine.pair();
    a = pair[0];
    b = pair[1];
    // Reached over a router, so that a default route counts.
    b.ip("addr", "add", "192.0.2.50/32", "dev", "lo");
    a.ip("route", "add", "default", "via", "203.0.113.2");
    tunnel = a.tunnel("wg0", Machine.queues(queues));
    far = b.tunnel("wg0", Machine.queues(queues));
    PublicKey key = key(tunnel);
    PublicKey farKey = key(far);
    tunnel.apply(Changes.port(PORT));
    far.apply(Changes.port(PORT));
    tunnel.apply(Changes.peerAt(farKey, "192.0.2.50", PORT, "10.0.0.1/32"));
    far.apply(Changes.peerAt(key, "203.0.113.1", PORT, "10.0.0.2/32"));
    up(a, "10.0.0.2/24");
    up(b, "10.0.0.1/24");
    eventually("both are up", () -> tunnel.isUp() && far.isUp());
    flows();
  }

  @AfterEach
  void end() {
    tunnel.close();
    far.close();
    a.close();
    b.close();
  }

  @Test
  void takenDownItIsSilentAndFreesItsPortAndTakenUpItServesThereAgain() throws Exception {
    a.ip("link", "set", "wg0", "down");
    eventually("its port is free", () -> !a.hasSocket(PORT));
    assertThat(tunnel.isUp()).isFalse();

    a.ip("link", "set", "wg0", "up");

    eventually("it is up", tunnel::isUp);
    assertThat(tunnel.snapshot().listenPort()).isEqualTo(PORT);
    flows();
  }

  @Test
  void aPeerGreetedWhileTheTunnelIsDownIsGreetedAsSoonAsItIsUp() throws Exception {
    a.ip("link", "set", "wg0", "down");
    eventually("it is down", () -> !tunnel.isUp());
    assertThat(stateAtFar()).isEqualTo(PeerSnapshot.State.UP);
    far.apply(Changes.remove(key(tunnel)));
    far.apply(Changes.peerAt(key(tunnel), "203.0.113.1", PORT, "10.0.0.2/32"));
    assertThat(stateAtFar()).isEqualTo(PeerSnapshot.State.NEVER);

    tunnel.greet(Set.of(key(far)));
    a.ip("link", "set", "wg0", "up");

    eventually("the peer has a session", () -> stateAtFar() == PeerSnapshot.State.UP);
  }

  private PeerSnapshot.State stateAtFar() {
    return far.snapshot().peers().getFirst().state();
  }

  @Test
  void takenUpWhileItsPortIsTakenItServesAsSoonAsThatIsFree() throws Exception {
    a.ip("link", "set", "wg0", "down");
    eventually("its port is free", () -> !a.hasSocket(PORT));
    assertThat(tunnel.isUp()).isFalse();
    try (Datagrams other = new Datagrams(a, PORT)) {
      a.ip("link", "set", "wg0", "up");
      assertThat(a.pingInVain("10.0.0.1", 2)).isZero();
      assertThat(tunnel.isUp()).isFalse();
      assertThat(other.port()).isEqualTo(PORT);
    }

    eventually("it is up", tunnel::isUp);
    flows();
  }

  @Test
  void renamedItIsKnownByItsNewName() throws Exception {
    a.ip("link", "set", "wg0", "name", "office");

    eventually("it knows", () -> tunnel.name().equals("office"));
    flows();
  }

  @Test
  void deletedUnderItItEnds() throws Exception {
    a.ip("link", "del", "wg0");

    eventually("it ends", () -> tunnel.ended().toCompletableFuture().isDone());
    assertThat(tunnel.isUp()).isFalse();
    assertThat(a.hasSocket(PORT)).isFalse();
  }

  @Test
  void anotherOuterAddressIsFollowedByBothSides() throws Exception {
    a.ip("addr", "flush", "dev", "eth0", "scope", "global");
    a.ip("addr", "add", "203.0.113.9/24", "dev", "eth0");
    a.ip("route", "replace", "default", "via", "203.0.113.2");

    flows();
    assertThat(far.snapshot().peers().getFirst().endpoint().orElseThrow())
        .hasToString("203.0.113.9:" + PORT);
  }

  @Test
  void withoutARouteEachPacketIsCountedAndWithOneTrafficFlowsAgain() throws Exception {
    a.ip("route", "del", "default");
    assertThat(a.pingInVain("10.0.0.1", 3)).isZero();
    assertThat(DropCounts.of(tunnel, DropReason.SOCKET_FAILED)).isEqualTo(3);

    a.ip("route", "add", "default", "via", "203.0.113.2");

    flows();
    assertThat(DropCounts.of(tunnel, DropReason.SOCKET_FAILED)).isEqualTo(3);
  }

  @Test
  void refusedByAFirewallEachPacketIsCountedAndThenTrafficFlowsAgain() throws Exception {
    a.run(
        "nft",
        "add table inet t; add chain inet t o { type filter hook output priority 0; };"
            + " add rule inet t o udp dport "
            + PORT
            + " drop");
    assertThat(a.pingInVain("10.0.0.1", 3)).isZero();
    assertThat(DropCounts.of(tunnel, DropReason.SOCKET_FAILED)).isEqualTo(3);

    a.run("nft", "delete", "table", "inet", "t");

    flows();
    assertThat(DropCounts.of(tunnel, DropReason.SOCKET_FAILED)).isEqualTo(3);
  }

  @Test
  void aCableThatIsPulledAndPluggedInAgainCostsNothingButThePacketsInBetween() throws Exception {
    a.ip("link", "set", "eth0", "down");
    assertThat(a.pingInVain("10.0.0.1", 3)).isZero();

    a.ip("link", "set", "eth0", "up");
    a.ip("route", "replace", "default", "via", "203.0.113.2");

    eventually("traffic flows", this::pings);
    flows();
  }

  @Test
  void aNetworkThatDropsEverythingForAWhileIsNoEndEither() throws Exception {
    b.run(
        "nft",
        "add table inet t; add chain inet t i { type filter hook input priority 0; };"
            + " add rule inet t i udp dport "
            + PORT
            + " drop");
    assertThat(a.pingInVain("10.0.0.1", 3)).isZero();

    b.run("nft", "delete", "table", "inet", "t");

    flows();
    assertThat(tunnel.drops().values()).containsOnly(0L);
  }

  @Test
  void whatItDroppedIsStillKnownWhenItsPeerIsRemoved() throws Exception {
    a.ip("route", "del", "default");
    assertThat(a.pingInVain("10.0.0.1", 2)).isZero();
    Map<String, Long> before = DropCounts.all(tunnel);

    tunnel.apply(Changes.remove(key(far)));

    assertThat(DropCounts.all(tunnel).get("tunnel SOCKET_FAILED")).isEqualTo(2);
    assertThat(before.get("tunnel SOCKET_FAILED")).isZero();
  }

  private static void up(Machine machine, String address) throws Exception {
    machine.withoutIpv6();
    machine.run("sysctl", "-qw", "net.ipv6.conf.wg0.disable_ipv6=1");
    machine.ip("addr", "add", address, "dev", "wg0");
    machine.ip("link", "set", "wg0", "mtu", "1420", "up");
  }

  private static PublicKey key(Tunnel tunnel) throws Exception {
    if (tunnel.snapshot().publicKey().isEmpty()) {
      SecretKey key = HandMadePeer.randomKey();
      tunnel.apply(Changes.privateKey(key));
      key.wipe();
    }
    return tunnel.snapshot().publicKey().orElseThrow();
  }

  private void flows() throws Exception {
    assertThat(a.ping("10.0.0.1", 5)).isEqualTo(5);
    assertThat(b.ping("10.0.0.2", 5)).isEqualTo(5);
  }

  private boolean pings() {
    try {
      return a.pingInVain("10.0.0.1", 1) == 1;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
