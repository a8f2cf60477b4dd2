// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of wg(8) and wg-quick(8), and who reads each. Compared without regard to case. */
public enum Key {
  /** Of the interface. */
  PRIVATE_KEY("PrivateKey", Reader.WG_INTERFACE),
  /** UDP port. */
  LISTEN_PORT("ListenPort", Reader.WG_INTERFACE),
  /** Mark of outgoing packets. */
  FW_MARK("FwMark", Reader.WG_INTERFACE),
  /** Addresses of the interface. */
  ADDRESS("Address", Reader.WG_QUICK),
  /** Name servers and search domains. */
  DNS("DNS", Reader.WG_QUICK),
  /** In octets. */
  MTU("MTU", Reader.WG_QUICK),
  /** Where routes go. */
  TABLE("Table", Reader.WG_QUICK),
  /** Before the interface is there. */
  PRE_UP("PreUp", Reader.WG_QUICK),
  /** When everything is set. */
  POST_UP("PostUp", Reader.WG_QUICK),
  /** While everything is still set. */
  PRE_DOWN("PreDown", Reader.WG_QUICK),
  /** When the interface is gone. */
  POST_DOWN("PostDown", Reader.WG_QUICK),
  /** Whether the running state is written into the file. */
  SAVE_CONFIG("SaveConfig", Reader.WG_QUICK),
  /** Which peer it is. */
  PUBLIC_KEY("PublicKey", Reader.WG_PEER),
  /** Mixed into the handshake. */
  PRESHARED_KEY("PresharedKey", Reader.WG_PEER),
  /** What the peer may send, and what is sent to it. */
  ALLOWED_IPS("AllowedIPs", Reader.WG_PEER),
  /** Where the peer is. */
  ENDPOINT("Endpoint", Reader.WG_PEER),
  /** In seconds. */
  PERSISTENT_KEEPALIVE("PersistentKeepalive", Reader.WG_PEER);

  /** Which program reads a key, and in which section. */
  enum Reader {
    WG_INTERFACE,
    WG_QUICK,
    WG_PEER;

    String section() {
      return this == WG_PEER ? "[Peer]" : "[Interface]";
    }
  }

  private static final Map<String, Key> BY_NAME =
      Stream.of(values()).collect(Collectors.toMap(k -> k.text.toLowerCase(Locale.ROOT), k -> k));

  /** As wg(8) and wg-quick(8) spell it. */
  final String text;

  final Reader reader;

  Key(String text, Reader reader) {
    this.text = text;
    this.reader = reader;
  }

  /** The key of a name, without regard to case. */
  public static Optional<Key> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
  }

  /** As wg(8) and wg-quick(8) spell it. */
  public String text() {
    return text;
  }

  /** Whether it stands in {@code [Peer]}; otherwise it is of {@code [Interface]}. */
  public boolean isOfPeer() {
    return reader == Reader.WG_PEER;
  }

  /** Whether its value must not be shown. */
  public boolean isSecret() {
    return this == PRIVATE_KEY || this == PRESHARED_KEY;
  }

  /** Whether it is run by a shell. */
  public boolean isHook() {
    return switch (this) {
      case PRE_UP, POST_UP, PRE_DOWN, POST_DOWN -> true;
      default -> false;
    };
  }

  /** Whether one line can hold several values, parted by commas. */
  boolean hasItems() {
    return isList() && !isHook();
  }

  /** Whether a second line adds to the first instead of replacing it. */
  public boolean isList() {
    return switch (this) {
      case ADDRESS, DNS, PRE_UP, POST_UP, PRE_DOWN, POST_DOWN, ALLOWED_IPS -> true;
      default -> false;
    };
  }

  /** The known key that a misspelt one most resembles: at most two letters away. */
  static Optional<Key> near(String name) {
    if (name.length() > 24) {
      return Optional.empty();
    }
    Key best = null;
    int least = 3;
    for (Key key : values()) {
      int distance = distance(name.toLowerCase(Locale.ROOT), key.text.toLowerCase(Locale.ROOT));
      if (distance < least && distance < key.text.length() - 1) {
        least = distance;
        best = key;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
