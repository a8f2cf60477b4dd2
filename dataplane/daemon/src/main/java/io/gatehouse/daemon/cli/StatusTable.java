// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.OffloadStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A {@link GatewayStatus} for people. */
final class StatusTable {
  private static final List<String> HEAD =
      List.of("  PEER", "STATE", "ENDPOINT", "HANDSHAKE", "RECEIVED", "SENT");

  private StatusTable() {}

  static String format(GatewayStatus gateway) {
    StringBuilder text = new StringBuilder();
    text.append(gateway.product());
    text.append(", tunnels in ").append(gateway.tunnelDirectory()).append('\n');
    gateway
        .commit()
        .ifPresent(
            commit ->
                text.append("Goes back to ")
                    .append(HistoryCommands.shortId(commit.revision()))
                    .append(" at ")
                    .append(CommitCommands.clock(commit.deadline()))
                    .append(" unless confirmed: gatehouse commit confirm.\n"));
    if (gateway.tunnels().isEmpty()) {
      text.append("No tunnels: drop a wg-quick file there.\n");
    }
    for (TunnelStatus tunnel : gateway.tunnels()) {
      tunnel(text, tunnel);
    }
    return text.toString();
  }

  private static void tunnel(StringBuilder text, TunnelStatus tunnel) {
    text.append('\n').append(tunnel.name()).append("  ").append(lower(tunnel.state()));
    if (tunnel.listenPort() != 0) {
      text.append(", port ").append(tunnel.listenPort());
    }
    if (!tunnel.addresses().isEmpty()) {
      text.append(", ").append(String.join(" ", tunnel.addresses()));
    }
    text.append('\n');
    for (FindingStatus finding : tunnel.findings()) {
      text.append("  ")
          .append(finding.severity().toLowerCase(Locale.ROOT))
          .append(": ")
          .append(finding.text())
          .append('\n');
    }
    tunnel.offloads().stream()
        .filter(OffloadStatus::isNotable)
        .forEach(offload -> text.append("  note: ").append(offload.text()).append(".\n"));
    if (!tunnel.peers().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(HEAD);
      tunnel.peers().forEach(peer -> rows.add(row(peer)));
      table(text, rows);
    }
  }

  private static List<String> row(PeerStatus peer) {
    return List.of(
        "  " + (peer.name().isEmpty() ? peer.publicKey() : peer.name()),
        lower(peer.state()),
        peer.endpoint().isEmpty() ? "-" : peer.endpoint(),
        peer.lastHandshakeAge() < 0 ? "never" : age(peer.lastHandshakeAge()),
        octets(peer.rxBytes()),
        octets(peer.txBytes()));
  }

  private static void table(StringBuilder text, List<List<String>> rows) {
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  static String age(long seconds) {
    if (seconds < 120) {
      return seconds + " s ago";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min ago";
    }
    return seconds < 2 * 86_400 ? seconds / 3600 + " h ago" : seconds / 86_400 + " days ago";
  }

  static String octets(long octets) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = 0;
    double value = octets;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? octets + " B" : String.format(Locale.ROOT, "%.2f %s", value, units[unit]);
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
