// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of wg(8) and wg-quick(8), and who reads each. Compared without regard to case. */
enum Key {
  PRIVATE_KEY("PrivateKey", Reader.WG_INTERFACE),
  LISTEN_PORT("ListenPort", Reader.WG_INTERFACE),
  FW_MARK("FwMark", Reader.WG_INTERFACE),
  ADDRESS("Address", Reader.WG_QUICK),
  DNS("DNS", Reader.WG_QUICK),
  MTU("MTU", Reader.WG_QUICK),
  TABLE("Table", Reader.WG_QUICK),
  PRE_UP("PreUp", Reader.WG_QUICK),
  POST_UP("PostUp", Reader.WG_QUICK),
  PRE_DOWN("PreDown", Reader.WG_QUICK),
  POST_DOWN("PostDown", Reader.WG_QUICK),
  SAVE_CONFIG("SaveConfig", Reader.WG_QUICK),
  PUBLIC_KEY("PublicKey", Reader.WG_PEER),
  PRESHARED_KEY("PresharedKey", Reader.WG_PEER),
  ALLOWED_IPS("AllowedIPs", Reader.WG_PEER),
  ENDPOINT("Endpoint", Reader.WG_PEER),
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

  final String text;
  final Reader reader;

  Key(String text, Reader reader) {
    this.text = text;
    this.reader = reader;
  }

  static Optional<Key> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
  }

  boolean isSecret() {
    return this == PRIVATE_KEY || this == PRESHARED_KEY;
  }

  /** Whether a second line adds to the first instead of replacing it. */
  boolean isList() {
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
