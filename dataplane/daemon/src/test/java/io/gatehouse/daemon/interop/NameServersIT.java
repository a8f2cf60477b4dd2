// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.file;
import static io.gatehouse.daemon.interop.Openresolv.records;
import static io.gatehouse.daemon.interop.Openresolv.resolvConf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code DNS} by openresolv, as Debian has it, beside stock wg-quick. */
class NameServersIT {
  private Lab lab;
  private Daemon daemon;
  private Path tunnels;

  @BeforeEach
  void start() throws IOException {
    lab = new Lab();
    Openresolv.prepare(lab.gateway, lab.peer);
    tunnels = Files.createDirectory(lab.gateway.home().resolve("tunnels"));
    startDaemon();
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void serversAndSearchDomainsAreThoseThatStockWgQuickSets() throws IOException {
    String conf =
        file().replace("[Peer]", "DNS = 192.0.2.53, corp.example\nDNS = 2001:db8::53, lab\n[Peer]");
    Path stock = Files.writeString(lab.peer.home().resolve("wg0.conf"), conf);
    String bare = resolvConf(lab.gateway);
    inside(
        lab.peer,
        "env",
        "WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go",
        "wg-quick",
        "up",
        stock.toString());
    String theirs = resolvConf(lab.peer);
    assertThat(theirs).contains("nameserver 192.0.2.53", "2001:db8::53", "corp.example lab");

    drop(conf);
    eventually("name servers are set", () -> resolvConf(lab.gateway).equals(theirs), daemon::log);
    assertThat(records(lab.gateway)).isEqualTo(records(lab.peer)).containsKey("wg0");

    // A change replaces them; without DNS they go.
    drop(conf.replace("192.0.2.53", "192.0.2.54"));
    eventually(
        "name servers are changed",
        () -> resolvConf(lab.gateway).equals(theirs.replace("192.0.2.53", "192.0.2.54")),
        daemon::log);
    drop(file());
    eventually("name servers are gone", () -> records(lab.gateway).isEmpty(), daemon::log);
    drop(conf);
    eventually("name servers are back", () -> resolvConf(lab.gateway).equals(theirs), daemon::log);
    Files.delete(tunnels.resolve("wg0.conf"));
    eventually("all is gone", () -> records(lab.gateway).isEmpty(), daemon::log);

    inside(lab.peer, "wg-quick", "down", stock.toString());
    assertThat(resolvConf(lab.gateway)).isEqualTo(resolvConf(lab.peer)).doesNotContain("53");
    assertThat(bare).doesNotContain("53");
    assertThat(records(lab.peer)).isEmpty();
  }

  @Test
  void aCrashLeavesNoNameServersToTheNextRun() throws IOException {
    drop(file().replace("[Peer]", "DNS = 192.0.2.53\n[Peer]"));
    eventually("name servers are set", () -> !records(lab.gateway).isEmpty(), daemon::log);
    daemon.kill();
    assertThat(records(lab.gateway)).isNotEmpty();
    Files.delete(tunnels.resolve("wg0.conf"));
    startDaemon();
    assertThat(records(lab.gateway)).isEmpty();
    assertThat(resolvConf(lab.gateway)).doesNotContain("192.0.2.53");
  }

  private void startDaemon() {
    Path home = lab.gateway.home();
    daemon =
        lab.keep(
            lab.gateway.start(
                Map.of("GATEHOUSE_STATE_DIRECTORY", home.resolve("state").toString()),
                Openresolv.with(
                    lab.gateway,
                    Gatehouse.program("gatehouse-dataplane"),
                    "--tunnels",
                    tunnels.toString())));
    daemon.ready("the data plane serves", () -> daemon.log().contains("ready after"));
  }

  private void drop(String text) throws IOException {
    Path half = Files.createTempFile(lab.gateway.home(), "half", "");
    Files.writeString(half, text);
    Files.move(half, tunnels.resolve("wg0.conf"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void inside(NetworkNamespace machine, String... words) {
    machine.run(Openresolv.with(machine, words));
  }
}
