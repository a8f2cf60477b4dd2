// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Traffic.carriesTcp;
import static io.gatehouse.daemon.interop.Traffic.pings;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A data plane that does not run for a while, as on a machine that sleeps, goes on afterwards. */
class SuspendIT {
  private final Keys gatewayKeys = Keys.random();
  private final Keys peerKeys = Keys.random();

  @Test
  void trafficFlowsAgainWhenTheProcessIsWoken() {
    try (Lab lab = new Lab()) {
      Daemon tunnel =
          lab.keep(lab.gateway.start(Gatehouse.program("gatehouse-tunnel"), "-f", "wg0"));
      lab.startWireGuardGo(lab.peer, "wg0");
      tunnel.ready("the socket is there", () -> Files.exists(lab.gateway.uapiSocket("wg0")));
      set(lab.gateway, gatewayKeys, "51821", peerKeys, "10.9.0.2/32", "203.0.113.2:51822");
      set(lab.peer, peerKeys, "51822", gatewayKeys, "10.9.0.1/32", "203.0.113.1:51821");
      address(lab.gateway, "10.9.0.1/24");
      address(lab.peer, "10.9.0.2/24");
      pings(lab.gateway, "10.9.0.2");

      signal(tunnel, "-STOP");
      // Something waits in every queue when it wakes.
      lab.peer.tryRun("ping", "-q", "-l", "2000", "-c", "2000", "-w", "1", "10.9.0.1");
      lab.gateway.tryRun("ping", "-q", "-l", "2000", "-c", "2000", "-w", "1", "10.9.0.2");
      signal(tunnel, "-CONT");

      Eventually.pause(Duration.ofMillis(200));
      pings(lab.gateway, "10.9.0.2");
      pings(lab.peer, "10.9.0.1");
      carriesTcp(lab.gateway, lab.peer, "10.9.0.2");
    }
  }

  private static void signal(Daemon daemon, String signal) {
    Command.run(List.of("kill", signal, String.valueOf(daemon.pid()))).succeeded();
  }

  private static void set(
      NetworkNamespace where,
      Keys own,
      String port,
      Keys peer,
      String allowedIps,
      String endpoint) {
    where.feed(
        own.privateKey(),
        "wg",
        "set",
        "wg0",
        "private-key",
        "/dev/stdin",
        "listen-port",
        port,
        "peer",
        peer.publicKey(),
        "allowed-ips",
        allowedIps,
        "endpoint",
        endpoint);
  }

  private static void address(NetworkNamespace where, String address) {
    where.run("ip", "address", "add", address, "dev", "wg0");
    where.run("ip", "link", "set", "dev", "wg0", "mtu", "1420", "up");
  }
}
