// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code gatehouse check} on a machine with an address, a default route, a tunnel and a session.
 */
class CheckOnHostIT {
  private static final String COMMAND = Gatehouse.program("gatehouse");
  private static final Keys PEER = Keys.random();

  /** Refused at once, without asking a name server, of which none is within reach. */
  private static final String NO_NAME = "x".repeat(64) + ".invalid";

  private static Lab lab;
  @TempDir private static Path directory;

  @BeforeAll
  static void start() {
    lab = new Lab();
    lab.gateway.run("ip", "link", "set", "lo", "up");
    lab.gateway.run("ip", "route", "add", "default", "via", "203.0.113.2");
    lab.startWireGuardGo(lab.gateway, "other0");
    lab.gateway.run("wg", "set", "other0", "listen-port", "4711");
  }

  @AfterAll
  static void clear() {
    lab.close();
  }

  @Test
  void saysWhatWouldGoWrongHereAndOnlyHere() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("wg7.conf"),
            """
            [Interface]
            PrivateKey = %s
            Address = 203.0.113.1/32
            ListenPort = 4711
            MTU = 1490
            PostUp = true

            [Peer]
            PublicKey = %s
            AllowedIPs = 0.0.0.0/0
            Endpoint = %s:5
            """
                .formatted(Keys.random().privateKey(), PEER.publicKey(), NO_NAME));

    Command here =
        lab.gateway.tryRun(
            "env",
            "SSH_CONNECTION=198.51.100.7 50000 203.0.113.1 22",
            COMMAND,
            "check",
            file.toString());
    Command alone = lab.gateway.tryRun(COMMAND, "check", "--no-host", file.toString());

    assertThat(here.exitCode()).isEqualTo(1);
    assertThat(here.output().lines().map(CheckOnHostIT::lineAndCode))
        .containsExactly(
            "3 ADDRESS-SHARED",
            "4 PORT-IN-USE",
            "5 MTU-TOO-LARGE",
            "6 HOOKS-OFF",
            "10 SESSION-CUT-OFF",
            "11 ENDPOINT-UNRESOLVED");
    assertThat(here.output())
        .contains("interface eth0 has", "in use by tunnel other0", "SSH from 198.51.100.7");
    assertThat(alone.exitCode()).isZero();
    assertThat(alone.output()).isEqualTo(file + ": good\n");
  }

  private static String lineAndCode(String finding) {
    return finding.replaceAll("^\\w+: .*?wg7\\.conf:(\\d+): .*\\[([A-Z-]+)]$", "$1 $2");
  }
}
