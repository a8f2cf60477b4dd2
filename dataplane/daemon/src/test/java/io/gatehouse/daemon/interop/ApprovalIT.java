// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A directory that was there before the gateway: nothing runs before an administrator has seen it,
 * and a change that does harm is held back until he has.
 */
class ApprovalIT {
  private Lab lab;
  private Gatehouse gatehouse;

  @BeforeEach
  void start() throws IOException {
    lab = new Lab();
    Path tunnels = Files.createDirectory(lab.gateway.home().resolve("tunnels"));
    Files.setPosixFilePermissions(tunnels, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(tunnels.resolve("wg0.conf"), file());
    Files.setPosixFilePermissions(
        tunnels.resolve("wg0.conf"), PosixFilePermissions.fromString("rw-------"));
    gatehouse = Gatehouse.start(lab, lab.gateway, Map.of("GATEHOUSE_TUNNELS_FIRST", "approve"));
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  @Test
  void filesThatWereThereWaitAndLaterOnesAreHeldBackOnlyWhereTheyDoHarm() throws IOException {
    eventually(
        "what it would do is told",
        () -> command("status").contains("it would bring up 10.0.0.1/32, port 51821, 1 peer"),
        gatehouse.daemon()::log);
    assertThat(lab.gateway.hasLink("wg0")).isFalse();
    assertThat(gatehouse.daemon().log()).contains("waits for approval since");

    assertThat(command("approve", "wg0")).startsWith("Approved: wg0.conf");
    eventually("wg0 is up", () -> lab.gateway.hasLink("wg0"), gatehouse.daemon()::log);

    gatehouse.drop("wg1.conf", file().replace("51821", "51831").replace("10.0.0.1", "10.0.0.2"));
    eventually(
        "the same route is held back",
        () -> command("status").contains("because of ROUTE-SHARED"),
        gatehouse.daemon()::log);
    assertThat(lab.gateway.hasLink("wg1")).isFalse();

    gatehouse.drop(
        "wg0.conf",
        file()
            + "[Peer]\nPublicKey = %s\nAllowedIPs = 192.168.200.0/24\n"
                .formatted(Keys.random().publicKey()));
    eventually(
        "a second peer does not take the address of the first",
        () -> command("status").contains("because of ALLOWED-IPS-SHARED"),
        gatehouse.daemon()::log);
    assertThat(lab.gateway.run("wg", "show", "wg0", "peers").lines()).hasSize(1);
    command("approve", "wg0");
    eventually(
        "approved it is taken",
        () -> lab.gateway.run("wg", "show", "wg0", "peers").lines().count() == 2,
        gatehouse.daemon()::log);
  }

  private String command(String... words) {
    return gatehouse.command(lab.gateway, words);
  }
}
