// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.GATEWAY;
import static io.gatehouse.daemon.interop.Example.PEER;
import static io.gatehouse.daemon.interop.Example.startPeer;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer that expires or uses its quota is cut off, also over a crash, and nobody else notices. */
class LimitsIT {
  private static final Keys BOB = Keys.random();
  private static final String ALICE_INSIDE = "192.168.200.1";
  private static final String BOB_INSIDE = "192.168.201.1";

  private Lab lab;
  private Gatehouse gatehouse;

  @BeforeEach
  void start() {
    lab = new Lab();
    gatehouse = Gatehouse.start(lab, lab.gateway);
    startPeer(lab, ALICE_INSIDE + "/24", "10.0.0.1/32", "");
    startBob();
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void aQuotaIsReachedOverACrashAndStopsThatPeerAlone() throws IOException {
    gatehouse.drop("wg0.conf", file("# gatehouse.quota = 1500 kB/total"));
    bothAnswer();
    floodAlice();
    eventually("what she used is written down", () -> used() > 600_000, gatehouse.daemon()::log);
    assertThat(used()).isLessThan(1_500_000);
    assertThat(peers()).contains(PEER.publicKey());

    restartAfterACrash();
    bothAnswer();
    long session = WgShow.of(lab.gateway, "wg0").peer(BOB.publicKey()).latestHandshake();
    Daemon toBob =
        lab.keep(
            lab.gateway.start(
                "ping", "-c", "100", "-i", "0.1", "-W", "30", "-I", "10.0.1.1", BOB_INSIDE));
    floodAlice();
    aliceIsOut();
    assertThat(status()).contains("over quota");
    eventually("all pings to Bob are over", () -> !toBob.isAlive(), gatehouse.daemon()::log);
    assertThat(toBob.log()).contains("100 received");
    assertThat(WgShow.of(lab.gateway, "wg0").peer(BOB.publicKey()).latestHandshake())
        .as("Bob's session went on")
        .isEqualTo(session);
    assertThat(used()).isGreaterThanOrEqualTo(1_500_000);

    restartAfterACrash();
    eventually("Bob is back", () -> routes().contains("192.168.201.0/24"));
    assertThat(peers()).doesNotContain(PEER.publicKey());
    assertThat(routes()).doesNotContain("192.168.200.0/24");

    gatehouse.drop("wg0.conf", file("# gatehouse.quota = 1 GB/total"));
    bothAnswer();
  }

  @Test
  void aPeerExpiresAtItsInstantAndStaysOutOverACrash() throws IOException {
    Instant end = Instant.now().plusSeconds(10).truncatedTo(ChronoUnit.SECONDS);
    String file = file("# gatehouse.expires = " + end);
    gatehouse.drop("wg0.conf", file);
    bothAnswer();

    aliceIsOut();
    assertThat(Instant.now()).isAfterOrEqualTo(end);
    assertThat(status()).contains("expired");
    assertThat(gatehouse.tunnels().resolve("wg0.conf")).hasContent(file);
    assertThat(
            lab.gateway
                .tryRun(Gatehouse.program("gatehouse"), "explain", "10.0.0.1", ALICE_INSIDE)
                .output())
        .contains("Alice")
        .contains("has expired");
    bobAnswers();

    restartAfterACrash();
    eventually("Bob is back", () -> routes().contains("192.168.201.0/24"));
    assertThat(peers()).doesNotContain(PEER.publicKey());

    gatehouse.drop("wg0.conf", file("# gatehouse.expires = " + end.plusSeconds(1_000_000)));
    bothAnswer();
  }

  /** What is at the other end, one more time: on port 51823, reached from another address. */
  private void startBob() {
    lab.startWireGuardGo(lab.peer, "wg1");
    lab.peer.feed(
        """
        [Interface]
        PrivateKey = %s
        ListenPort = 51823
        [Peer]
        PublicKey = %s
        AllowedIPs = 10.0.1.1/32
        """
            .formatted(BOB.privateKey(), GATEWAY.publicKey()),
        "wg",
        "setconf",
        "wg1",
        "/dev/stdin");
    lab.peer.run("ip", "address", "add", BOB_INSIDE + "/24", "dev", "wg1");
    lab.peer.run("ip", "link", "set", "dev", "wg1", "mtu", "1420", "up");
    lab.peer.run("ip", "route", "replace", "10.0.1.1/32", "dev", "wg1");
  }

  private static String file(String limit) {
    return """
        [Interface]
        PrivateKey = %s
        Address = 10.0.0.1/32, 10.0.1.1/32
        ListenPort = 51821
        [Peer]
        # friendly_name = Alice
        %s
        PublicKey = %s
        AllowedIPs = 192.168.200.0/24
        Endpoint = 203.0.113.2:51822
        [Peer]
        # friendly_name = Bob
        PublicKey = %s
        AllowedIPs = 192.168.201.0/24
        Endpoint = 203.0.113.2:51823
        """
        .formatted(GATEWAY.privateKey(), limit, PEER.publicKey(), BOB.publicKey());
  }

  private void bothAnswer() {
    eventually(
        "both have a route",
        () -> routes().contains("192.168.200.0/24") && routes().contains("192.168.201.0/24"),
        gatehouse.daemon()::log);
    pings(lab.gateway, ALICE_INSIDE);
    bobAnswers();
  }

  private void bobAnswers() {
    assertThat(
            lab.gateway.run(
                "ping", "-c", "5", "-i", "0.05", "-w", "30", "-I", "10.0.1.1", BOB_INSIDE))
        .contains(" received");
  }

  /** About 900,000 octets there and back, unless she is cut off meanwhile. */
  private void floodAlice() {
    var _ =
        lab.gateway.tryRun("ping", "-f", "-q", "-c", "300", "-s", "1370", "-w", "5", ALICE_INSIDE);
  }

  private void aliceIsOut() {
    eventually(
        "Alice is no peer any more",
        () -> !peers().contains(PEER.publicKey()),
        gatehouse.daemon()::log);
    eventually(
        "neither is her route there",
        () -> !routes().contains("192.168.200.0/24"),
        gatehouse.daemon()::log);
    assertThat(peers()).contains(BOB.publicKey());
  }

  private void restartAfterACrash() {
    gatehouse.daemon().kill();
    gatehouse = Gatehouse.start(lab, lab.gateway);
  }

  private String peers() {
    return lab.gateway.tryRun("wg", "show", "wg0", "peers").output();
  }

  private String routes() {
    return lab.gateway.tryRun("ip", "route", "show", "table", "all").output();
  }

  private String status() {
    return lab.gateway.run(Gatehouse.program("gatehouse"), "status");
  }

  private long used() {
    try {
      String text = Files.readString(lab.gateway.home().resolve("state/quota-usage")).strip();
      return Long.parseLong(text.substring(text.lastIndexOf(' ') + 1));
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
