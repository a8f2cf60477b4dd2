// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.daemon.cli.WgInterface.WgPeer;
import io.gatehouse.wgquick.SecretKey;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code show INTERFACE} for people, byte for byte as wg(8) writes it.
 *
 * @param hideKeys false only for {@code WG_HIDE_KEYS=never}
 * @param now seconds since 1970
 */
record PrettyShow(Terminal terminal, boolean hideKeys, long now) {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long YEAR = 365 * DAY;

  /** The last handshake first; peers without one stay in their order. */
  private static final Comparator<WgPeer> LATEST_FIRST =
      Comparator.comparingLong(WgPeer::handshakeSeconds)
          .thenComparingLong(WgPeer::handshakeNanos)
          .reversed();

  /** One interface with its peers. */
  String format(WgInterface device) {
    StringBuilder text = new StringBuilder(256 + 256 * device.peers().size());
    text.append(terminal.reset());
    text.append(terminal.green()).append(terminal.bold()).append("interface");
    text.append(terminal.reset()).append(": ").append(terminal.green()).append(device.name());
    text.append(terminal.reset()).append('\n');
    device.publicKey().ifPresent(key -> line(text, "public key", key.toString()));
    device.privateKey().ifPresent(key -> line(text, "private key", shown(key)));
    if (device.listenPort() != 0) {
      line(text, "listening port", Integer.toString(device.listenPort()));
    }
    if (device.fwMark() != 0) {
      line(text, "fwmark", "0x" + Integer.toHexString(device.fwMark()));
    }
    List<WgPeer> peers = new ArrayList<>(device.peers());
    peers.sort(LATEST_FIRST);
    for (WgPeer peer : peers) {
      text.append('\n');
      peer(text, peer);
    }
    return text.toString();
  }

  private void peer(StringBuilder text, WgPeer peer) {
    text.append(terminal.yellow()).append(terminal.bold()).append("peer");
    text.append(terminal.reset()).append(": ").append(terminal.yellow()).append(peer.publicKey());
    text.append(terminal.reset()).append('\n');
    peer.presharedKey().ifPresent(key -> line(text, "preshared key", shown(key)));
    if (!peer.endpoint().isEmpty()) {
      line(text, "endpoint", peer.endpoint());
    }
    List<String> prefixes = new ArrayList<>();
    for (String prefix : peer.allowedIps()) {
      prefixes.add(prefix.replace("/", terminal.cyan() + "/" + terminal.reset()));
    }
    line(text, "allowed ips", prefixes.isEmpty() ? "(none)" : String.join(", ", prefixes));
    if (peer.handshakeSeconds() != 0) {
      line(text, "latest handshake", ago(peer.handshakeSeconds()));
    }
    if (peer.received() != 0 || peer.sent() != 0) {
      line(
          text,
          "transfer",
          octets(peer.received()) + " received, " + octets(peer.sent()) + " sent");
    }
    if (peer.persistentKeepalive() != 0) {
      line(text, "persistent keepalive", "every " + duration(peer.persistentKeepalive()));
    }
  }

  private void line(StringBuilder text, String name, String value) {
    text.append("  ").append(terminal.bold()).append(name).append(terminal.reset());
    text.append(": ").append(value).append('\n');
  }

  private String shown(SecretKey key) {
    return hideKeys ? "(hidden)" : key.revealBase64();
  }

  String ago(long seconds) {
    if (seconds == now) {
      return "Now";
    }
    if (seconds > now) {
      return "("
          + terminal.red()
          + "System clock wound backward; connection problems may ensue."
          + terminal.reset()
          + ")";
    }
    return duration(now - seconds) + " ago";
  }

  /** {@code 1 day, 2 hours, 3 seconds}; seconds are more than zero. */
  String duration(long seconds) {
    StringBuilder text = new StringBuilder();
    unit(text, seconds / YEAR, "year");
    unit(text, seconds % YEAR / DAY, "day");
    unit(text, seconds % DAY / HOUR, "hour");
    unit(text, seconds % HOUR / MINUTE, "minute");
    unit(text, seconds % MINUTE, "second");
    return text.toString();
  }

  private void unit(StringBuilder text, long count, String unit) {
    if (count != 0) {
      text.append(text.isEmpty() ? "" : ", ").append(count).append(' ');
      text.append(terminal.cyan()).append(unit).append(count == 1 ? "" : "s");
      text.append(terminal.reset());
    }
  }

  /** {@code 1.50 KiB}: powers of 1024 up to TiB, rounded as printf(3) does. */
  String octets(long octets) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    while (unit < units.length - 1 && Long.compareUnsigned(octets, 1L << 10 * (unit + 1)) >= 0) {
      unit++;
    }
    BigDecimal count =
        new BigDecimal(Long.toUnsignedString(octets)).divide(BigDecimal.valueOf(1L << 10 * unit));
    return (unit == 0 ? count : count.setScale(2, RoundingMode.HALF_EVEN))
        + " "
        + terminal.cyan()
        + units[unit]
        + terminal.reset();
  }
}
