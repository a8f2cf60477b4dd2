// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** MAC1, MAC2 and their keys (paper, 5.4.4), which stand at the end of both handshake messages. */
final class Macs {
  private static final byte[] LABEL_MAC1 = Primitives.ascii("mac1----");
  private static final byte[] LABEL_COOKIE = Primitives.ascii("cookie--");

  private Macs() {}

  /** The key of MAC1 for messages to this public key. */
  static byte[] mac1Key(byte[] receiver) {
    return Primitives.hash(LABEL_MAC1, receiver);
  }

  /** The key that seals cookies from this public key. */
  static byte[] cookieKey(byte[] sender) {
    return Primitives.hash(LABEL_COOKIE, sender);
  }

  /** Writes MAC1, and MAC2 if there is a cookie, behind the body. */
  static void write(byte[] message, byte[] mac1Key, byte @Nullable [] cookie) {
    int at = message.length - 2 * Primitives.MAC;
    byte[] mac1 = Primitives.mac(mac1Key, message, 0, at);
    System.arraycopy(mac1, 0, message, at, Primitives.MAC);
    if (cookie != null) {
      byte[] mac2 = Primitives.mac(cookie, message, 0, at + Primitives.MAC);
      System.arraycopy(mac2, 0, message, at + Primitives.MAC, Primitives.MAC);
    }
  }

  static byte[] mac1(byte[] message) {
    int at = message.length - 2 * Primitives.MAC;
    return Arrays.copyOfRange(message, at, at + Primitives.MAC);
  }

  static byte[] mac2(byte[] message) {
    return Arrays.copyOfRange(message, message.length - Primitives.MAC, message.length);
  }
}
