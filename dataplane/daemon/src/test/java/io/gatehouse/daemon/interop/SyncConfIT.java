// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code wg syncconf} fifty times under traffic, with the same configuration and with peers added,
 * removed and changed beside the one that talks: no packet is lost. The same is run on wireguard-go
 * and its loss printed.
 */
class SyncConfIT {
  private static final int TIMES = 50;
  private static final int OTHER_PEERS = 40;
  private static final Pattern SEQUENCE = Pattern.compile("icmp_seq=([0-9]+) ttl");

  private final Keys gateway = Keys.random();
  private final Keys peer = Keys.random();
  private final List<Keys> others = new ArrayList<>();
  private Lab lab;

  @BeforeEach
  void start() {
    lab = new Lab();
    for (int i = 0; i < OTHER_PEERS; i++) {
      others.add(Keys.random());
    }
    lab.startWireGuardGo(lab.peer, "wg0");
    lab.peer.feed(
        """
        [Interface]
        PrivateKey = %s
        ListenPort = 51822
        [Peer]
        PublicKey = %s
        AllowedIPs = 10.9.0.1/32
        """
            .formatted(peer.privateKey(), gateway.publicKey()),
        "wg",
        "setconf",
        "wg0",
        "/dev/stdin");
    address(lab.peer, "10.9.0.2/24");
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void ourTunnelLosesNoPacket() {
    lab.keep(lab.gateway.start(Gatehouse.program("gatehouse-tunnel"), "-f", "wg0"));
    List<Integer> lost = lostWhileSyncing();

    assertThat(lost).isEmpty();
  }

  @Test
  void wireguardGoIsMeasuredBeside() {
    lab.startWireGuardGo(lab.gateway, "wg0");

    System.out.println(
        "wireguard-go lost " + lostWhileSyncing().size() + " packets in " + TIMES + " syncconf");
  }

  /** The sequence numbers that did not come back. */
  private List<Integer> lostWhileSyncing() {
    eventually("the socket is there", () -> Files.exists(lab.gateway.uapiSocket("wg0")));
    lab.gateway.feed(configuration(0), "wg", "setconf", "wg0", "/dev/stdin");
    address(lab.gateway, "10.9.0.1/24");
    lab.gateway.run("ping", "-c", "1", "-W", "10", "10.9.0.2");
    List<Integer> seen;
    try (Daemon ping = lab.gateway.start("ping", "-n", "-i", "0.002", "10.9.0.2")) {
      for (int i = 0; i < TIMES; i++) {
        // Every second time nothing has changed.
        lab.gateway.feed(configuration(i / 2), "wg", "syncconf", "wg0", "/dev/stdin");
      }
      int enough = sequence(ping.log()).size() + 100;
      eventually(
          "packets have come back after the last change",
          () -> sequence(ping.log()).size() > enough,
          ping::log);
      seen = sequence(ping.log());
    }
    // Enough of them were on the way meanwhile.
    assertThat(seen).hasSizeGreaterThan(100 + 2 * TIMES);
    assertThat(WgShow.of(lab.gateway, "wg0").peers()).hasSizeGreaterThan(OTHER_PEERS / 2);
    List<Integer> lost = new ArrayList<>();
    for (int i = 1; i < Collections.max(seen); i++) {
      lost.add(i);
    }
    lost.removeAll(new HashSet<>(seen));
    return lost;
  }

  /** The talking peer, with an allowed IP that comes and goes, and other peers that do. */
  private String configuration(int step) {
    StringBuilder text =
        new StringBuilder(
            """
            [Interface]
            PrivateKey = %s
            ListenPort = 51821
            [Peer]
            PublicKey = %s
            AllowedIPs = 10.9.0.2/32%s
            Endpoint = 203.0.113.2:51822
            """
                .formatted(
                    gateway.privateKey(),
                    peer.publicKey(),
                    step % 2 == 0 ? "" : ", 10.20.%d.0/24".formatted(step)));
    for (int i = 0; i < OTHER_PEERS; i++) {
      if ((i + step) % 4 != 0) {
        text.append(
            """
            [Peer]
            PublicKey = %s
            AllowedIPs = 10.10.%d.0/24, fd00:%d::/32
            PersistentKeepalive = %d
            """
                .formatted(others.get(i).publicKey(), (i + step) % 200, i, step));
      }
    }
    return text.toString();
  }

  private static void address(NetworkNamespace machine, String address) {
    machine.run("ip", "address", "add", address, "dev", "wg0");
    machine.run("ip", "link", "set", "dev", "wg0", "up");
  }

  private static List<Integer> sequence(String log) {
    List<Integer> numbers = new ArrayList<>();
    Matcher matcher = SEQUENCE.matcher(log);
    while (matcher.find()) {
      numbers.add(Integer.valueOf(matcher.group(1)));
    }
    return numbers;
  }
}
