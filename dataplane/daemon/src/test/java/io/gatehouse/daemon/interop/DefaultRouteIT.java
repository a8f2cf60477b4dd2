// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.file;
import static io.gatehouse.daemon.interop.Example.startPeer;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Default routes: packets take them, changes touch the difference alone, a crash leaves nothing.
 */
class DefaultRouteIT {
  /** An address of the peer that only the tunnel leads to. */
  private static final String FAR = "192.168.200.1";

  private Lab lab;
  private Gatehouse gatehouse;

  @BeforeEach
  void start() {
    lab = new Lab();
    lab.gateway.run("ip", "route", "add", "default", "via", "203.0.113.2");
    gatehouse = Gatehouse.start(lab, lab.gateway);
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void allButOurOwnPacketsGoThroughTheTunnel() throws IOException {
    startPeer(lab, FAR + "/24", "10.0.0.1/32", "");
    drop("0.0.0.0/0, ::/0");
    waitForRules(2);

    assertThat(lab.gateway.run("ip", "route", "get", FAR)).contains("dev wg0");
    pings(lab.gateway, FAR);
    assertThat(lab.gateway.run("ip", "route", "get", "198.18.0.9")).contains("dev wg0");
    assertThat(lab.gateway.run("ip", "-6", "route", "get", "2001:db8:9::9")).contains("dev wg0");
    // What main knows better than by its default route, and what bears our mark, goes as before.
    assertThat(lab.gateway.run("ip", "route", "get", "203.0.113.9")).contains("dev eth0");
    assertThat(lab.gateway.run("ip", "route", "get", "198.18.0.9", "mark", "51820"))
        .contains("dev eth0");
  }

  @Test
  void aChangedFileAddsAndRemovesRulesAndKeepsTheSession() throws IOException {
    startPeer(lab, FAR + "/24", "10.0.0.1/32", "");
    drop("192.168.200.0/24");
    eventually(
        "wg0 has its route",
        () -> lab.gateway.run("ip", "route", "get", FAR).contains("dev wg0"),
        gatehouse.daemon()::log);
    pings(lab.gateway, FAR);
    List<String> split = state();
    long handshake = handshake();

    drop("0.0.0.0/0, ::/0");
    waitForRules(2);
    pings(lab.gateway, FAR);
    drop("192.168.200.0/24");
    waitForRules(0);
    eventually("the mark is gone", () -> state().toString().contains("51821 off"), this::all);
    pings(lab.gateway, FAR);
    // src_valid_mark stays as stock wg-quick leaves it.
    lab.gateway.run("sysctl", "-qw", "net.ipv4.conf.all.src_valid_mark=0");
    assertThat(state()).isEqualTo(split);
    assertThat(handshake()).isEqualTo(handshake);
  }

  @Test
  void twoOfThemHaveTablesOfTheirOwnAndTheLastOneLeavesNothing() throws IOException {
    List<String> bare = state();
    drop("0.0.0.0/0, ::/0");
    waitForRules(2);
    gatehouse.drop(
        "wg1.conf",
        """
        [Interface]
        Address = 10.7.0.1/32
        [Peer]
        PublicKey = %s
        AllowedIPs = 0.0.0.0/0
        """
            .formatted(Example.PEER.publicKey()));
    eventually(
        "wg1 has a table", () -> rules("-4").contains("lookup 51821"), gatehouse.daemon()::log);
    gatehouse.remove("wg0.conf");
    eventually("wg0 is gone", () -> !lab.gateway.hasLink("wg0"), gatehouse.daemon()::log);
    assertThat(rules("-4")).contains("lookup 51821").doesNotContain("51820");
    assertThat(rules("-6")).doesNotContain("suppress");
    gatehouse.remove("wg1.conf");
    eventually("wg1 is gone", () -> !lab.gateway.hasLink("wg1"), gatehouse.daemon()::log);
    lab.gateway.run("sysctl", "-qw", "net.ipv4.conf.all.src_valid_mark=0");
    assertThat(state()).isEqualTo(bare);
  }

  @Test
  void whatACrashLeftIsSweptAtTheNextStart() throws IOException {
    List<String> bare = state();
    drop("0.0.0.0/0, ::/0");
    waitForRules(2);
    String before = rules("-4") + rules("-6");
    kill();
    assertThat(rules("-4")).contains("lookup 51820");
    assertThat(lab.gateway.run("nft", "list", "tables")).contains("wg-quick-wg0");

    // Started again with the file, there is the same as before, and nothing twice.
    gatehouse = Gatehouse.start(lab, lab.gateway);
    eventually("wg0 is up", () -> lab.gateway.hasLink("wg0"), gatehouse.daemon()::log);
    waitForRules(2);
    assertThat(rules("-4") + rules("-6")).isEqualTo(before);

    // And without the file, nothing.
    kill();
    gatehouse.remove("wg0.conf");
    gatehouse = Gatehouse.start(lab, lab.gateway);
    lab.gateway.run("sysctl", "-qw", "net.ipv4.conf.all.src_valid_mark=0");
    assertThat(state()).isEqualTo(bare);
    try (var left = Files.list(lab.gateway.home().resolve("state/leftovers"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void stockWgQuickCleansUpAfterUs() throws IOException {
    drop("0.0.0.0/0, ::/0");
    waitForRules(2);
    lab.gateway.run("wg-quick", "down", gatehouse.tunnels().resolve("wg0.conf").toString());
    // The data plane makes it again, since the file is still there.
    eventually(
        "wg0 is made again",
        () -> gatehouse.daemon().log().contains("it is made again"),
        gatehouse.daemon()::log);
    waitForRules(2);
    gatehouse.remove("wg0.conf");
    waitForRules(0);
  }

  private void kill() {
    gatehouse.daemon().kill();
    eventually("its interface is gone", () -> !lab.gateway.hasLink("wg0"), this::all);
  }

  private void drop(String allowedIps) throws IOException {
    gatehouse.drop("wg0.conf", file().replaceAll("AllowedIPs = .*", "AllowedIPs = " + allowedIps));
  }

  /** In each family, the guard being the last thing that is set. */
  private void waitForRules(int count) {
    eventually(
        count + " rules in each family",
        () ->
            lines(rules("-4")) == 3 + count
                && lines(rules("-6")) == 2 + count
                && lab.gateway.run("nft", "list", "tables").contains("ip6 wg-quick-wg0")
                    == (count > 0),
        this::all);
  }

  private static long lines(String text) {
    return text.lines().count();
  }

  private String rules(String family) {
    return lab.gateway.run("ip", family, "rule", "show");
  }

  /** Without what the kernel does by and by for the cable. */
  private List<String> state() {
    return MachineState.read(lab.gateway.run("sh", "-c", MachineState.SCRIPT)).lines().stream()
        .filter(line -> !line.contains("\"eth0\""))
        .toList();
  }

  private long handshake() {
    return WgShow.of(lab.gateway, "wg0").peer(Example.PEER.publicKey()).latestHandshake();
  }

  private String all() {
    return rules("-4") + rules("-6") + gatehouse.daemon().log();
  }
}
