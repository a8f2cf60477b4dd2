// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What wg(8) knows of a tunnel: the contents of its configuration files, without what wg-quick(8)
 * adds. Holds secrets, which {@link #showconf} gives away; {@code toString} is masked.
 *
 * @param privateKey of the interface
 * @param listenPort 0 to 65535; 0 means any free port, absent that nothing is said
 * @param fwMark unsigned; 0 is off, absent means that nothing is said
 * @param peers in order, one per public key
 */
public record WgConfig(
    Optional<SecretKey> privateKey,
    OptionalInt listenPort,
    OptionalInt fwMark,
    List<PeerConfig> peers) {
  /** Copies the list. */
  public WgConfig {
    peers = List.copyOf(peers);
  }

  /** The text that {@code wg showconf} prints for this: same order, same form, keys in clear. */
  public String showconf() {
    StringBuilder text = new StringBuilder("[Interface]\n");
    listenPort.ifPresent(port -> setting(text, Key.LISTEN_PORT, port == 0 ? "" : "" + port));
    fwMark.ifPresent(mark -> setting(text, Key.FW_MARK, mark == 0 ? "" : mark(mark)));
    privateKey.ifPresent(k -> setting(text, Key.PRIVATE_KEY, k.isZero() ? "" : k.revealBase64()));
    if (peers.isEmpty()) {
      text.append('\n');
    }
    for (PeerConfig peer : peers) {
      text.append("\n[Peer]\n");
      setting(text, Key.PUBLIC_KEY, peer.publicKey().toString());
      setting(text, Key.PRESHARED_KEY, presharedKey(peer));
      setting(text, Key.ALLOWED_IPS, allowedIps(peer));
      setting(text, Key.ENDPOINT, peer.endpoint().map(EndpointAddress::toString).orElse(""));
      int seconds = peer.persistentKeepalive().orElse(0);
      setting(text, Key.PERSISTENT_KEEPALIVE, seconds == 0 ? "" : "" + seconds);
    }
    return text.toString();
  }

  /** Hexadecimal, as wg(8) shows marks. */
  static String mark(int mark) {
    return "0x" + Integer.toHexString(mark);
  }

  /** In clear; empty when there is none, which a key of zeros means, too. */
  static String presharedKey(PeerConfig peer) {
    return peer.presharedKey().filter(k -> !k.isZero()).map(SecretKey::revealBase64).orElse("");
  }

  private static String allowedIps(PeerConfig peer) {
    return peer.allowedIps().stream().map(Prefix::toString).collect(Collectors.joining(", "));
  }

  private static void setting(StringBuilder text, Key key, String value) {
    if (!value.isEmpty()) {
      text.append(key.text).append(" = ").append(value).append('\n');
    }
  }
}
