// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.daemon.cli.WgInterface.WgPeer;
import io.gatehouse.wgquick.SecretKey;
import java.util.Optional;

/** {@code show INTERFACE FIELD} for scripts, byte for byte as wg(8) writes it. */
enum ShowField {
  PUBLIC_KEY("public-key"),
  PRIVATE_KEY("private-key"),
  LISTEN_PORT("listen-port"),
  FWMARK("fwmark"),
  PEERS("peers"),
  PRESHARED_KEYS("preshared-keys"),
  ENDPOINTS("endpoints"),
  ALLOWED_IPS("allowed-ips"),
  LATEST_HANDSHAKES("latest-handshakes"),
  TRANSFER("transfer"),
  PERSISTENT_KEEPALIVE("persistent-keepalive"),
  DUMP("dump");

  /** The word of the command line. */
  final String word;

  ShowField(String word) {
    this.word = word;
  }

  static Optional<ShowField> of(String word) {
    for (ShowField field : values()) {
      if (field.word.equals(word)) {
        return Optional.of(field);
      }
    }
    return Optional.empty();
  }

  /**
   * The lines of one interface.
   *
   * @param withName whether each starts with the interface's name
   */
  StringBuilder format(WgInterface device, boolean withName) {
    String start = withName ? device.name() + "\t" : "";
    StringBuilder text = new StringBuilder();
    if (hasLineOfDevice()) {
      device(text.append(start), device);
      text.append('\n');
    }
    if (hasLinesOfPeers()) {
      for (WgPeer peer : device.peers()) {
        peer(text.append(start), peer);
        text.append('\n');
      }
    }
    return text;
  }

  private boolean hasLineOfDevice() {
    return compareTo(PEERS) < 0 || this == DUMP;
  }

  private boolean hasLinesOfPeers() {
    return compareTo(PEERS) >= 0;
  }

  private void device(StringBuilder line, WgInterface device) {
    switch (this) {
      case PUBLIC_KEY -> line.append(publicKey(device));
      case PRIVATE_KEY -> line.append(key(device.privateKey()));
      case LISTEN_PORT -> line.append(device.listenPort());
      case FWMARK -> line.append(fwMark(device));
      default -> dump(line, device);
    }
  }

  private void peer(StringBuilder line, WgPeer peer) {
    line.append(peer.publicKey());
    switch (this) {
      case PEERS -> {}
      case PRESHARED_KEYS -> line.append('\t').append(key(peer.presharedKey()));
      case ENDPOINTS -> line.append('\t').append(endpoint(peer));
      case ALLOWED_IPS -> line.append('\t').append(allowedIps(peer, " "));
      case LATEST_HANDSHAKES -> line.append('\t').append(peer.handshakeSeconds());
      case TRANSFER -> transfer(line, peer);
      case PERSISTENT_KEEPALIVE -> line.append('\t').append(keepalive(peer));
      default -> dump(line, peer);
    }
  }

  private static void dump(StringBuilder line, WgInterface device) {
    line.append(key(device.privateKey())).append('\t').append(publicKey(device)).append('\t');
    line.append(device.listenPort()).append('\t').append(fwMark(device));
  }

  private static void dump(StringBuilder line, WgPeer peer) {
    line.append('\t').append(key(peer.presharedKey())).append('\t').append(endpoint(peer));
    line.append('\t').append(allowedIps(peer, ",")).append('\t').append(peer.handshakeSeconds());
    transfer(line, peer);
    line.append('\t').append(keepalive(peer));
  }

  private static void transfer(StringBuilder line, WgPeer peer) {
    line.append('\t').append(Long.toUnsignedString(peer.received()));
    line.append('\t').append(Long.toUnsignedString(peer.sent()));
  }

  private static String publicKey(WgInterface device) {
    return device.publicKey().map(Object::toString).orElse("(none)");
  }

  private static String key(Optional<SecretKey> key) {
    return key.map(SecretKey::revealBase64).orElse("(none)");
  }

  private static String fwMark(WgInterface device) {
    return device.fwMark() == 0 ? "off" : "0x" + Integer.toHexString(device.fwMark());
  }

  private static String endpoint(WgPeer peer) {
    return peer.endpoint().isEmpty() ? "(none)" : peer.endpoint();
  }

  private static String allowedIps(WgPeer peer, String separator) {
    return peer.allowedIps().isEmpty() ? "(none)" : String.join(separator, peer.allowedIps());
  }

  private static String keepalive(WgPeer peer) {
    return peer.persistentKeepalive() == 0 ? "off" : Integer.toString(peer.persistentKeepalive());
  }
}
