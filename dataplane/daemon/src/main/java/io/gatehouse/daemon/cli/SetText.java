// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;

/** A change as the lines of {@code set=1}, in the order of wg(8). */
final class SetText {
  private SetText() {}

  /** The lines, each with its end. Holds keys in clear. */
  static StringBuilder of(DeviceChange change) {
    StringBuilder text = new StringBuilder(256 + 256 * change.peers().size());
    change.privateKey().ifPresent(key -> line(text, "private_key", key.revealHex()));
    change.listenPort().ifPresent(port -> line(text, "listen_port", port));
    change.fwMark().ifPresent(mark -> line(text, "fwmark", Integer.toUnsignedString(mark)));
    if (change.replacePeers()) {
      line(text, "replace_peers", true);
    }
    change.peers().forEach(peer -> peer(text, peer));
    return text;
  }

  private static void peer(StringBuilder text, PeerChange peer) {
    line(text, "public_key", peer.publicKey().hex());
    if (peer.remove()) {
      line(text, "remove", true);
      return;
    }
    if (peer.updateOnly()) {
      line(text, "update_only", true);
    }
    peer.presharedKey().ifPresent(key -> line(text, "preshared_key", key.revealHex()));
    peer.endpoint().ifPresent(endpoint -> line(text, "endpoint", endpoint));
    peer.persistentKeepalive()
        .ifPresent(seconds -> line(text, "persistent_keepalive_interval", seconds));
    if (peer.replaceAllowedIps()) {
      line(text, "replace_allowed_ips", true);
    }
    for (AllowedIpChange allowed : peer.allowedIps()) {
      line(text, "allowed_ip", (allowed.remove() ? "-" : "") + allowed.prefix());
    }
  }

  private static void line(StringBuilder text, String key, Object value) {
    text.append(key).append('=').append(value).append('\n');
  }
}
