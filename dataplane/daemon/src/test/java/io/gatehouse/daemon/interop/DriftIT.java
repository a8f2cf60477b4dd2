// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the stock wg and ip change of a running tunnel is seen, shown, and answered. */
class DriftIT {
  private static final Keys ALICE = Keys.random();
  private static final Keys BOB = Keys.random();
  private static final String FILE =
      """
      [Interface]
      PrivateKey = %s
      Address = 10.0.0.1/24
      ListenPort = 51821
      [Peer]
      # friendly_name = Alice
      PublicKey = %s
      AllowedIPs = 10.1.0.0/16 # the office
      """
          .formatted(Keys.random().privateKey(), ALICE.publicKey());

  private Lab lab;
  private Gatehouse gatehouse;

  @BeforeEach
  void start() {
    lab = new Lab();
    gatehouse = Gatehouse.start(lab, lab.gateway);
    gatehouse.drop("wg0.conf", FILE);
    eventually(
        "the tunnel has its route",
        () -> lab.gateway.run("ip", "route").contains("10.1.0.0/16"),
        gatehouse.daemon()::log);
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void whatWgAndIpChangeIsSeenAndTakenOrUndone() throws IOException {
    assertThat(drift()).isEqualTo("What runs is what the files say.\n");
    assertThat(gatehouse("plan")).isEqualTo("Nothing to do.\n");

    lab.gateway.run("wg", "set", "wg0", "peer", ALICE.publicKey(), "persistent-keepalive", "9");
    seen("wg0.conf:5: peer Alice (" + ALICE.publicKey() + ") PersistentKeepalive: ");
    lab.gateway.run("ip", "address", "add", "10.9.0.1/32", "dev", "wg0");
    seen("wg0.conf: address 10.9.0.1/32: the file says nothing");
    assertThat(gatehouse("plan"))
        .contains("  - address 10.9.0.1/32\n")
        .contains(" PersistentKeepalive: 9 -> none");
    assertThat(gatehouse.daemon().log()).contains("[DRIFT]").contains("10.9.0.1/32");

    // A route that is taken away comes back by itself, and is no drift.
    lab.gateway.run("ip", "route", "del", "10.1.0.0/16", "dev", "wg0");
    eventually("the route is back", () -> lab.gateway.run("ip", "route").contains("10.1.0.0/16"));

    gatehouse("drift", "wg0", "--take-file");
    assertThat(drift()).isEqualTo("What runs is what the files say.\n");
    assertThat(WgShow.of(lab.gateway, "wg0").peer(ALICE.publicKey()).persistentKeepalive())
        .isEqualTo("off");
    assertThat(lab.gateway.run("ip", "address", "show", "dev", "wg0")).doesNotContain("10.9.0.1");
    assertThat(gatehouse.tunnels().resolve("wg0.conf")).hasContent(FILE);

    lab.gateway.run(
        "wg",
        "set",
        "wg0",
        "listen-port",
        "51999",
        "peer",
        BOB.publicKey(),
        "allowed-ips",
        "10.2.0.0/16");
    seen("wg0.conf:4: device ListenPort: the file says 51821, and 51999 runs");
    gatehouse("drift", "wg0", "--ignore");
    assertThat(drift()).contains("51999 runs (ignored)");
    assertThat(gatehouse("drift", "--json")).contains("\"runs\":\"51999\",\"ignored\":true");

    gatehouse("drift", "wg0", "--take-running", "-m", "Bob came by hand");
    assertThat(Files.readString(gatehouse.tunnels().resolve("wg0.conf")))
        .startsWith(FILE.replace("51821", "51999"))
        .contains("PublicKey = " + BOB.publicKey() + "\nAllowedIPs = 10.2.0.0/16\n");
    assertThat(drift()).isEqualTo("What runs is what the files say.\n");
    assertThat(lab.gateway.run("ip", "route")).contains("10.2.0.0/16");
    eventually("it is in the history", () -> gatehouse("history").contains("Bob came by hand"));
  }

  @Test
  void whatFilesElsewhereWouldDoIsSaidAndNotDone() throws IOException {
    Path elsewhere = Files.createDirectory(lab.gateway.home().resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("wg0.conf"), FILE.replace("10.1.0.0", "10.6.0.0"));
    Files.writeString(
        elsewhere.resolve("wg7.conf"),
        FILE.replaceFirst("PrivateKey = .*", "PrivateKey = " + Keys.random().privateKey())
            .replace("10.0.0.1/24", "10.70.0.1/24")
            .replace("10.1.0.0/16", "10.71.0.0/16")
            .replace("51821", "51827"));
    assertThat(gatehouse("plan", elsewhere.toString()))
        .startsWith(
            """
            wg0.conf changes
              ~ peer Alice (%1$s) AllowedIPs: 10.1.0.0/16 -> 10.6.0.0/16 (line 8)
              + route 10.6.0.0/16 (line 8)
              - route 10.1.0.0/16
            wg7.conf comes up
              + device PrivateKey: (hidden) (line 2)
              + device ListenPort: 51827 (line 4)
              + peer Alice (%1$s): AllowedIPs 10.71.0.0/16 (line 7)
              + address 10.70.0.1/24 (line 3)
              + MTU: 1420 (line 1)
              + route 10.71.0.0/16 (line 8)
            """
                .formatted(ALICE.publicKey()));
    assertThat(gatehouse("plan", "--json", elsewhere.resolve("wg7.conf").toString()))
        .startsWith("{\"tunnels\":[{\"tunnel\":\"wg7\",\"file\":\"wg7.conf\",")
        .contains("\"outcome\":\"COMES_UP\"");
    assertThat(lab.gateway.hasLink("wg7")).isFalse();
    assertThat(lab.gateway.run("ip", "route")).contains("10.1.0.0/16");
  }

  private void seen(String words) {
    eventually(
        "seen: " + words, () -> drift().contains(words), () -> drift() + gatehouse.daemon().log());
  }

  private String drift() {
    return gatehouse("drift");
  }

  private String gatehouse(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = Gatehouse.program("gatehouse");
    System.arraycopy(words, 0, all, 1, words.length);
    return lab.gateway.run(all);
  }
}
