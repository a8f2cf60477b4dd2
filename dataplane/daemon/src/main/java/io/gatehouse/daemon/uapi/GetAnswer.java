// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceSnapshot.PeerSnapshot;
import io.gatehouse.wgquick.SecretKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the lines that answer {@code get=1}, in the order and form of wireguard-go, piece by
 * piece, so that the text of ten thousand peers is never in memory as a whole. Holds keys in clear.
 */
final class GetAnswer {
  private static final String NO_KEY = "0".repeat(2 * SecretKey.LENGTH);
  private static final long NANOS = 1_000_000_000L;
  private static final int PIECE = 32 << 10;

  private final OutputStream output;
  private final StringBuilder text = new StringBuilder(PIECE + 1024);

  private GetAnswer(OutputStream output) {
    this.output = output;
  }

  /** Writes the lines without the closing {@code errno}. */
  static void write(DeviceSnapshot device, OutputStream output) throws IOException {
    GetAnswer answer = new GetAnswer(output);
    answer.device(device);
    for (PeerSnapshot peer : device.peers()) {
      answer.peer(peer);
    }
    answer.flush();
  }

  /** About how many octets of heap a snapshot holds. */
  static long size(DeviceSnapshot device) {
    long size = 0;
    for (PeerSnapshot peer : device.peers()) {
      size += 300 + 150L * peer.allowedIps().size();
    }
    return size;
  }

  private void device(DeviceSnapshot device) {
    device.privateKey().ifPresent(key -> line("private_key", key.revealHex()));
    if (device.listenPort() != 0) {
      line("listen_port", device.listenPort());
    }
    if (device.fwMark() != 0) {
      line("fwmark", Integer.toUnsignedLong(device.fwMark()));
    }
  }

  private void peer(PeerSnapshot peer) throws IOException {
    line("public_key", peer.publicKey().hex());
    line("preshared_key", peer.presharedKey().map(SecretKey::revealHex).orElse(NO_KEY));
    line("protocol_version", 1);
    peer.endpoint().ifPresent(endpoint -> line("endpoint", endpoint.toString()));
    line("last_handshake_time_sec", peer.lastHandshakeEpochNanos() / NANOS);
    line("last_handshake_time_nsec", peer.lastHandshakeEpochNanos() % NANOS);
    line("tx_bytes", Long.toUnsignedString(peer.txBytes()));
    line("rx_bytes", Long.toUnsignedString(peer.rxBytes()));
    line("persistent_keepalive_interval", peer.persistentKeepalive());
    for (var prefix : peer.allowedIps()) {
      line("allowed_ip", prefix.toString());
      flushIfFull();
    }
    flushIfFull();
  }

  private void line(String key, String value) {
    text.append(key).append('=').append(value).append('\n');
  }

  private void line(String key, long value) {
    text.append(key).append('=').append(value).append('\n');
  }

  private void flushIfFull() throws IOException {
    if (text.length() >= PIECE) {
      flush();
    }
  }

  private void flush() throws IOException {
    byte[] octets = text.toString().getBytes(StandardCharsets.US_ASCII);
    text.setLength(0);
    output.write(octets);
    Arrays.fill(octets, (byte) 0);
  }
}
