// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.wgquick.SecretKey;

/** The lines that answer {@code get=1}, in the order and form of wireguard-go. */
final class GetAnswer {
  private static final String NO_KEY = "0".repeat(2 * SecretKey.LENGTH);
  private static final long NANOS = 1_000_000_000L;

  private GetAnswer() {}

  /** The lines without the closing {@code errno}. Holds keys in clear. */
  static StringBuilder format(DeviceSnapshot device) {
    StringBuilder text = new StringBuilder(256 + 512 * device.peers().size());
    device.privateKey().ifPresent(key -> line(text, "private_key", key.revealHex()));
    if (device.listenPort() != 0) {
      line(text, "listen_port", device.listenPort());
    }
    if (device.fwMark() != 0) {
      line(text, "fwmark", Integer.toUnsignedLong(device.fwMark()));
    }
    for (PeerSnapshot peer : device.peers()) {
      line(text, "public_key", peer.publicKey().hex());
      line(text, "preshared_key", peer.presharedKey().map(SecretKey::revealHex).orElse(NO_KEY));
      line(text, "protocol_version", 1);
      peer.endpoint().ifPresent(endpoint -> line(text, "endpoint", endpoint.toString()));
      line(text, "last_handshake_time_sec", peer.lastHandshakeEpochNanos() / NANOS);
      line(text, "last_handshake_time_nsec", peer.lastHandshakeEpochNanos() % NANOS);
      line(text, "tx_bytes", peer.txBytes());
      line(text, "rx_bytes", peer.rxBytes());
      line(text, "persistent_keepalive_interval", peer.persistentKeepalive());
      peer.allowedIps().forEach(prefix -> line(text, "allowed_ip", prefix.toString()));
    }
    return text;
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append('=').append(value).append('\n');
  }

  private static void line(StringBuilder text, String key, long value) {
    text.append(key).append('=').append(value).append('\n');
  }
}
