// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerState;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.daemon.Statuses;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a walk of many peers takes; a measurement, run by hand: {@code mvn verify -pl
 * dataplane/daemon -am -Dtest=None -Dit.test=SnmpLoad -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class SnmpLoad {
  private static final int PEERS = 10_000;
  private static final int COLUMNS = 20;
  private static final int ROUNDS = 5;
  private static final String AUTH = "correct horse battery";
  private static final String PRIV = "staple of the engine";

  @TempDir Path state;
  @TempDir Path home;

  @Test
  void walkOfTenThousandPeers() throws IOException {
    PeerStatus[] peers =
        IntStream.rangeClosed(1, PEERS)
            .mapToObj(
                i ->
                    Statuses.peer(
                        i,
                        Base64.getEncoder()
                            .encodeToString(ByteBuffer.allocate(32).putInt(i).array()),
                        "peer " + i,
                        PeerState.UP,
                        25,
                        0,
                        List.of(),
                        i,
                        i))
            .toArray(PeerStatus[]::new);
    GatewayStatus status = Statuses.gateway(0, Statuses.tunnel(peers));
    InetSocketAddress address;
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      address = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
    try (SnmpAgent agent =
        SnmpAgent.start(new SnmpOptions(address, state, "gate.example"), () -> status, () -> 0)) {
      agent.users().add("monitor", AUTH, PRIV);
      for (int round = 1; round <= ROUNDS; round++) {
        long begun = System.nanoTime();
        Command walk =
            Command.netSnmp(
                home,
                List.of(
                    "snmpbulkwalk",
                    "-v3",
                    "-l",
                    "authPriv",
                    "-u",
                    "monitor",
                    "-a",
                    "SHA-256",
                    "-A",
                    AUTH,
                    "-x",
                    "AES",
                    "-X",
                    PRIV,
                    "-m",
                    "",
                    "-Cr25",
                    "-Oqn",
                    "-t",
                    "10",
                    "udp:127.0.0.1:" + address.getPort(),
                    "." + SnmpOptions.DEFAULT_ROOT + ".5"));
        long took = System.nanoTime() - begun;
        long cells = walk.text().lines().count();
        System.gc();
        System.out.printf(
            "round %d: %d cells in %.2f s, %d MiB of heap in use%n",
            round,
            cells,
            took / 1e9,
            (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
        assertThat(cells).isGreaterThanOrEqualTo(PEERS * COLUMNS);
      }
    }
  }
}
