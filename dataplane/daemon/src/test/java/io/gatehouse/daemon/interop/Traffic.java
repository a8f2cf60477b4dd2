// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Real traffic between two machines; each method fails the test when it does not arrive. */
final class Traffic {
  private Traffic() {}

  /**
   * Five answers; ping(8) alone would wait for the last one only twice as long as for the others.
   */
  static void pings(NetworkNamespace from, String address) {
    assertThat(from.run("ping", "-c", "5", "-i", "0.05", "-w", "30", address))
        // On a busy machine it sends more before it sees the fifth answer.
        .containsPattern(" ([5-9]|[1-9][0-9]+) received");
  }

  /** TCP from client to server and back, one after the other. */
  static void carriesTcp(NetworkNamespace client, NetworkNamespace server, String address) {
    try (Daemon iperf = server.start("iperf3", "-s", "-p", "5201")) {
      eventually(
          "iperf3 listens",
          () -> !server.run("ss", "-Htln", "sport", "=", ":5201").isBlank(),
          iperf::log);
      for (String direction : new String[] {"", "-R"}) {
        String report = client.run("sh", "-c", "iperf3 -J -t 1 -c " + address + " " + direction);
        String received = report.substring(report.indexOf("\"sum_received\""));
        assertThat(Double.parseDouble(received.replaceAll("(?s).*?\"bytes\":\\s*([0-9]+).*", "$1")))
            .as("bytes received by TCP, direction '%s'", direction)
            .isGreaterThan(1_000_000);
      }
    }
  }
}
