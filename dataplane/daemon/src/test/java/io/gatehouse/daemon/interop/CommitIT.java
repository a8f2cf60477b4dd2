// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.PEER;
import static io.gatehouse.daemon.interop.Example.file;
import static io.gatehouse.daemon.interop.Example.startPeer;
import static io.gatehouse.daemon.interop.Traffic.pings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An administrator who cuts the way that leads to the gateway gets it back, whatever happens. */
class CommitIT {
  private static final String COMMAND = Gatehouse.program("gatehouse");
  private static final Pattern DEADLINE = Pattern.compile("\"deadline\":([0-9]+)");
  private static final Keys SECOND = Keys.random();

  private Lab lab;
  private Gatehouse gatehouse;

  @BeforeEach
  void start() throws IOException {
    lab = new Lab();
    gatehouse = Gatehouse.start(lab, lab.gateway);
    startPeer(lab, "192.168.200.1/24", "10.0.0.1/32", "");
    gatehouse.drop("wg0.conf", file());
    eventually("wg0 is up", () -> routes().contains("192.168.200.0"), gatehouse.daemon()::log);
    pings(lab.gateway, "192.168.200.1");
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void whatNobodyConfirmsIsTakenBackAndTheUntouchedPeerNoticesNothing() throws IOException {
    long handshake = WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey()).latestHandshake();
    long deadline = begin("6s");
    gatehouse.drop(
        "wg0.conf",
        file()
            + "[Peer]\nPublicKey = %s\nAllowedIPs = 192.168.201.0/24\n"
                .formatted(SECOND.publicKey()));
    eventually("the change is there", () -> routes().contains("192.168.201.0"), this::log);

    eventually("it is taken back", () -> !routes().contains("192.168.201.0"), this::log);
    long after = System.currentTimeMillis();

    assertThat(after).as("not before the deadline").isGreaterThanOrEqualTo(deadline);
    assertThat(gatehouse.tunnels().resolve("wg0.conf")).hasContent(file());
    pings(lab.gateway, "192.168.200.1");
    assertThat(WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey()).latestHandshake())
        .as("its session went on")
        .isEqualTo(handshake);
    assertThat(command("history", "list")).contains("nobody confirmed");
    assertThat(command("history", "show", "HEAD~1"))
        .contains("+PublicKey = " + SECOND.publicKey())
        .doesNotContain(Example.GATEWAY.privateKey());
  }

  @Test
  void aCutPathComesBackAlsoWhenTheDataPlaneWasKilledMeanwhile() throws IOException {
    begin("6s");
    gatehouse.drop("wg0.conf", file().replace("192.168.200.0/24", "192.168.201.0/24"));
    eventually("the path is cut", () -> !routes().contains("192.168.200.0"), this::log);

    gatehouse.daemon().kill();
    gatehouse = Gatehouse.start(lab, lab.gateway);

    eventually("the path is back", () -> routes().contains("192.168.200.0"), this::log);
    pings(lab.gateway, "192.168.200.1");
    assertThat(gatehouse.tunnels().resolve("wg0.conf")).hasContent(file());
    assertThat(git("fsck", "--full", "--strict", "--no-dangling")).isEmpty();
  }

  @Test
  void aConfirmedChangeStaysAndCanBeGoneBackFromByHand() throws IOException {
    begin("10m");
    gatehouse.drop("wg0.conf", file() + "PersistentKeepalive = 25\n");
    eventually("the change is there", () -> keepalive().equals("25"), this::log);
    assertThat(command("status")).contains("unless confirmed");
    assertThat(command("commit", "confirm")).contains("Confirmed");
    assertThat(command("status")).doesNotContain("unless confirmed");
    assertThat(lab.gateway.tryRun(words("commit", "revert")).exitCode()).isOne();
    assertThat(command("history", "diff", "HEAD~1")).contains("+PersistentKeepalive = 25");

    assertThat(command("history", "restore", "HEAD~1", "wg0.conf")).contains("wg0.conf");

    assertThat(keepalive()).isEqualTo("off");
    assertThat(gatehouse.tunnels().resolve("wg0.conf")).hasContent(file());
    assertThat(command("history", "list", "--json")).contains("\"source\":\"COMMAND_LINE\"");
    assertThat(git("log", "--format=%s")).startsWith("wg0.conf as in HEAD~1\n");
  }

  private long begin(String within) {
    Matcher deadline =
        DEADLINE.matcher(command("commit", "--json", "--confirm-within", within, "-m", "why"));
    assertThat(deadline.find()).isTrue();
    return Long.parseLong(deadline.group(1));
  }

  private String command(String... words) {
    return lab.gateway.run(words(words));
  }

  private String[] words(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = COMMAND;
    System.arraycopy(words, 0, all, 1, words.length);
    return all;
  }

  private String git(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "git";
    all[1] = "-C";
    all[2] = lab.gateway.home().resolve("state/history").toString();
    System.arraycopy(words, 0, all, 3, words.length);
    return lab.gateway.run(all);
  }

  private String keepalive() {
    return WgShow.of(lab.gateway, "wg0").peer(PEER.publicKey()).persistentKeepalive();
  }

  private String routes() {
    return lab.gateway.run("ip", "route", "show", "table", "all");
  }

  private String log() {
    return gatehouse.daemon().log();
  }
}
