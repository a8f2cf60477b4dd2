// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code DNS} by openresolv, as Debian has it, beside stock wg-quick. It is laid over the file
 * system inside the lab's own mount namespace, with an {@code /etc/resolv.conf} of the lab, so that
 * the machine keeps its name servers.
 */
class NameServersIT {
  private static final Path OPENRESOLV = Path.of("/var/cache/gatehouse-test/openresolv");
  private static final Path RUN = Path.of("/run/resolvconf");

  /** Words: home of the machine, then the command. */
  private static final String WITH_OPENRESOLV =
      """
      set -e
      mount -t overlay overlay -o lowerdir=%1$s/lib:/usr/lib /usr/lib
      mount -t overlay overlay -o lowerdir=%1$s/sbin:/usr/sbin /usr/sbin
      mount --bind "$0/resolvconf" /run/resolvconf
      mount --bind "$0/resolv.conf" /etc/resolv.conf
      exec "$@"
      """
          .formatted(OPENRESOLV);

  private Lab lab;
  private Daemon daemon;
  private Path tunnels;
  private boolean madeRun;

  @BeforeEach
  void start() throws IOException {
    assertThat(OPENRESOLV.resolve("sbin/resolvconf"))
        .as("install/test brings openresolv, without installing it")
        .isExecutable();
    lab = new Lab();
    madeRun = !Files.exists(RUN);
    Files.createDirectories(RUN);
    for (NetworkNamespace machine : List.of(lab.gateway, lab.peer)) {
      Files.createDirectories(machine.home().resolve("resolvconf"));
      Files.writeString(machine.home().resolve("resolv.conf"), "nameserver 192.0.2.1\n");
    }
    tunnels = Files.createDirectory(lab.gateway.home().resolve("tunnels"));
    startDaemon();
  }

  @AfterEach
  void clear() throws IOException {
    lab.close();
    if (madeRun) {
      Files.delete(RUN);
    }
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
                "sh",
                "-c",
                WITH_OPENRESOLV,
                home.toString(),
                Gatehouse.program("gatehouse-dataplane"),
                "--tunnels",
                tunnels.toString()));
    daemon.ready("the data plane serves", () -> daemon.log().contains("ready after"));
  }

  private void drop(String text) throws IOException {
    Path half = Files.createTempFile(lab.gateway.home(), "half", "");
    Files.writeString(half, text);
    Files.move(half, tunnels.resolve("wg0.conf"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void inside(NetworkNamespace machine, String... words) {
    List<String> all =
        new ArrayList<>(List.of("sh", "-c", WITH_OPENRESOLV, machine.home().toString()));
    all.addAll(List.of(words));
    machine.run(all.toArray(String[]::new));
  }

  private static String resolvConf(NetworkNamespace machine) {
    try {
      return Files.readString(machine.home().resolve("resolv.conf"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What openresolv keeps of each interface. */
  private static Map<String, String> records(NetworkNamespace machine) {
    Path directory = machine.home().resolve("resolvconf/interfaces");
    if (!Files.isDirectory(directory)) {
      return Map.of();
    }
    Map<String, String> records = new TreeMap<>();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        records.put(file.getFileName().toString(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return records;
  }
}
