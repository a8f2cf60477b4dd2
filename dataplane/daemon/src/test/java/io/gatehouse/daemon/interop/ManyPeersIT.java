// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ten thousand peers set and shown by the stock wg. Prints how long that took, ours and theirs. */
class ManyPeersIT {
  private static final int PEERS = 10_000;

  private Lab lab;

  @BeforeEach
  void start() {
    lab = new Lab();
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void tenThousandPeersAreSetByOneSetconfAndShownByOneDump() throws IOException {
    Path file = Files.writeString(lab.gateway.home().resolve("many.conf"), configuration());
    Daemon ours = lab.keep(lab.gateway.start(Gatehouse.program("gatehouse-tunnel"), "-f", "wg0"));
    ours.ready("the socket is there", () -> Files.exists(lab.gateway.uapiSocket("wg0")));
    lab.startWireGuardGo(lab.peer, "wg0");

    List<String> theirs = dump("wireguard-go", lab.peer, file);

    assertThat(dump("gatehouse-tunnel", lab.gateway, file)).isEqualTo(theirs).hasSize(PEERS);
    // Nothing has changed, so nothing changes.
    timed("gatehouse-tunnel syncconf", () -> set(lab.gateway, "syncconf", file));
    assertThat(peers(lab.gateway.run("wg", "show", "all", "dump"))).isEqualTo(theirs);
  }

  private static List<String> dump(String who, NetworkNamespace machine, Path file) {
    timed(who + " setconf", () -> set(machine, "setconf", file));
    return peers(timed(who + " show all dump", () -> machine.run("wg", "show", "all", "dump")));
  }

  private static String set(NetworkNamespace machine, String how, Path file) {
    return machine.run("wg", how, "wg0", file.toString());
  }

  /** The peers with their prefixes, in an order. */
  private static List<String> peers(String dump) {
    return dump.lines()
        .filter(line -> line.split("\t", -1).length == 9)
        .map(
            line -> {
              String[] field = line.split("\t", -1);
              List<String> prefixes = List.of(field[4].split(",", -1)).stream().sorted().toList();
              return String.join(" ", field[1], field[2], field[3], field[8]) + " " + prefixes;
            })
        .sorted()
        .toList();
  }

  private static String timed(String what, Supplier<String> action) {
    long start = System.nanoTime();
    String result = action.get();
    System.out.println(
        what + ": " + PEERS + " peers in " + (System.nanoTime() - start) / 1_000_000 + " ms");
    return result;
  }

  private static String configuration() {
    Random random = new Random(10_000);
    StringBuilder text = new StringBuilder("[Interface]\nPrivateKey = " + key(random) + "\n");
    for (int i = 0; i < PEERS; i++) {
      text.append(
          """

          [Peer]
          PublicKey = %s
          PresharedKey = %s
          AllowedIPs = 10.%d.%d.0/24, fd00:%x::/32
          Endpoint = 192.0.2.%d:%d
          """
              .formatted(key(random), key(random), i >> 8, i & 255, i, i % 250 + 1, i + 1));
    }
    return text.toString();
  }

  private static String key(Random random) {
    byte[] octets = new byte[32];
    random.nextBytes(octets);
    return new String(Base64.getEncoder().encode(octets), StandardCharsets.US_ASCII);
  }
}
