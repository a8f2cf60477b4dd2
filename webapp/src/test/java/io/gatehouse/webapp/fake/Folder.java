// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.fake;

import io.gatehouse.control.FileChoice;
import io.gatehouse.control.FileList;
import io.gatehouse.control.FileState;
import io.gatehouse.control.FileStatus;
import io.gatehouse.control.FileText;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerStatus;
import java.util.List;

/** The made-up files of a {@link Fleet}. */
final class Folder {
  private static final String VERSION = "8f3a".repeat(10);

  static final FileList LIST =
      new FileList(
          List.of(
              new FileStatus("lab.conf", FileState.FAILED, VERSION, 214, 1, 0, 0),
              new FileStatus("office.conf", FileState.RUNNING, VERSION, 2481, 0, 1, 0),
              new FileStatus("road.conf", FileState.RUNNING, VERSION, 18_230, 0, 0, 0),
              new FileStatus("spare.conf", FileState.DOWN, VERSION, 96, 0, 0, 1),
              new FileStatus("warehouse.conf", FileState.DOWN, VERSION, 1204, 0, 0, 1)));

  private Folder() {}

  static FileText read(FileChoice choice, GatewayStatus gateway) {
    StringBuilder text =
        new StringBuilder(
            """
            # Head office. Ask Ana before you touch this.
            [Interface]
            PrivateKey = (hidden 1@8f3a8f3a)
            Address = 10.8.0.1/24, fd00:8::1/64
            ListenPort = 51820
            """);
    if (choice.name().equals("warehouse.conf")) {
      text.append("PostUp = iptables -A FORWARD -i %i -j ACCEPT\n");
      text.append("postdown=iptables -D FORWARD -i %i -j ACCEPT\n");
    }
    gateway.tunnels().stream()
        .filter(tunnel -> tunnel.file().equals(choice.name()))
        .flatMap(tunnel -> tunnel.peers().stream())
        .forEach(peer -> text.append(section(peer)));
    return new FileText(
        choice.name(),
        VERSION,
        "UTF-8",
        text.toString(),
        List.of(
            new FindingStatus(
                "ALLOWED-IPS-OVERLAP",
                "WARNING",
                choice.name(),
                line(text, "10.8.1.128/25"),
                "10.8.1.128/25",
                "the peer Porto has an address that lies in the network of Lisbon",
                "Give each network to one peer.")));
  }

  private static String section(PeerStatus peer) {
    return """

    [Peer]
    # friendly_name = %s
    %sPublicKey = %s
    AllowedIPs = %s
    """
        .formatted(
            peer.name(),
            peer.tags().isEmpty()
                ? ""
                : "# gatehouse.tags = " + String.join(", ", peer.tags()) + "\n",
            peer.publicKey(),
            String.join(", ", peer.allowedIps()));
  }

  /** Where something stands, from 1; 0 if it does not. */
  private static int line(CharSequence text, String part) {
    int at = text.toString().indexOf(part);
    return at < 0 ? 0 : (int) text.chars().limit(at).filter(c -> c == '\n').count() + 1;
  }
}
