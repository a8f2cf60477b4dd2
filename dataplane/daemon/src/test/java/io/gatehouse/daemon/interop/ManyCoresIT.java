// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Traffic.carriesTcp;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code gatehouse-tunnel} with two queues and two workers, whatever this machine has, beside
 * wireguard-go: nothing is lost and nothing overtakes, also over new ports and new keys.
 */
class ManyCoresIT {
  private static final Map<String, String> FORCED =
      Map.of("GATEHOUSE_QUEUES", "2", "GATEHOUSE_WORKERS", "2", "GATEHOUSE_REHEARSAL", "true");
  private static final int PINGS = 100;

  private final Keys peerKeys = Keys.random();
  private Lab lab;

  @BeforeEach
  void start() {
    lab = new Lab();
    lab.startWireGuardGo(lab.peer, "wg0");
    Daemon tunnel =
        lab.keep(lab.gateway.start(FORCED, Gatehouse.program("gatehouse-tunnel"), "-f", "wg0"));
    tunnel.ready("the socket is there", () -> Files.exists(lab.gateway.uapiSocket("wg0")));
    set(lab.peer, peerKeys.privateKey(), "listen-port", "51822");
    for (NetworkNamespace machine : List.of(lab.gateway, lab.peer)) {
      String own = machine == lab.gateway ? "10.9.0.1/24" : "10.9.0.2/24";
      machine.run("ip", "address", "add", own, "dev", "wg0");
      machine.run("ip", "link", "set", "dev", "wg0", "mtu", "1420", "up");
    }
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void trafficPassesBothWaysOverSeveralPortsAndKeys() {
    for (int port = 51830; port < 51832; port++) {
      Keys keys = Keys.random();
      introduce(keys);
      assertThat(lab.gateway.run("ip", "-d", "link", "show", "dev", "wg0")).contains("multi_queue");

      allPingsComeBackInOrder(lab.gateway, "10.9.0.2");
      allPingsComeBackInOrder(lab.peer, "10.9.0.1");
      lab.gateway.run("wg", "set", "wg0", "listen-port", "" + port);
      assertThat(lab.gateway.run("ss", "-Huln", "sport", "=", ":" + port).lines()).hasSize(2);
      // The peer learns of the port by what comes from there.
      allPingsComeBackInOrder(lab.gateway, "10.9.0.2");
      carriesTcp(lab.gateway, lab.peer, "10.9.0.2");
      carriesTcp(lab.peer, lab.gateway, "10.9.0.1");
    }
    assertThat(WgShow.of(lab.gateway, "wg0").peer(peerKeys.publicKey()).received())
        .isGreaterThan(4_000_000);
  }

  /** New keys of the gateway, which both ends take up; the session before is over. */
  private void introduce(Keys keys) {
    for (WgShow.Peer before : WgShow.of(lab.peer, "wg0").peers()) {
      lab.peer.run("wg", "set", "wg0", "peer", before.publicKey(), "remove");
    }
    lab.peer.run("wg", "set", "wg0", "peer", keys.publicKey(), "allowed-ips", "10.9.0.1/32");
    set(
        lab.gateway,
        keys.privateKey(),
        "peer",
        peerKeys.publicKey(),
        "allowed-ips",
        "10.9.0.2/32",
        "endpoint",
        "203.0.113.2:51822");
  }

  private static void set(NetworkNamespace where, String privateKey, String... more) {
    List<String> words = new ArrayList<>(List.of("wg", "set", "wg0", "private-key", "/dev/stdin"));
    words.addAll(List.of(more));
    where.feed(privateKey, words.toArray(String[]::new));
  }

  private static void allPingsComeBackInOrder(NetworkNamespace from, String address) {
    // The first opens the session and may find the other end still with the old one.
    Traffic.pings(from, address);
    // Ping's socket holds some 56 answers of this size: on a busy machine, where all may come at
    // once and late, that is to be a second's worth.
    String output =
        from.run("ping", "-c", "" + PINGS, "-i", "0.02", "-s", "1300", "-W", "10", address);
    List<Integer> answers =
        Pattern.compile("icmp_seq=([0-9]+)")
            .matcher(output)
            .results()
            .map((MatchResult each) -> Integer.valueOf(each.group(1)))
            .toList();
    assertThat(answers).isEqualTo(IntStream.rangeClosed(1, PINGS).boxed().toList());
  }
}
