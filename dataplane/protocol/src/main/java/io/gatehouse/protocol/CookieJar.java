// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sender's side of cookies: the last one a peer gave us, used for two minutes. */
final class CookieJar {
  private byte @Nullable [] cookie;
  private long born;
  private byte @Nullable [] lastMac1;

  /** Writes the MACs of a message to this peer. MAC2 stays zero without a fresh cookie. */
  void writeMacs(byte[] message, byte[] mac1Key, long now) {
    if (cookie != null && now - born >= Limits.COOKIE_LIFETIME) {
      wipe();
    }
    Macs.write(message, mac1Key, cookie);
    lastMac1 = Macs.mac1(message);
  }

  /**
   * Takes a cookie reply. It is bound to the MAC1 of our last message, and only one is taken.
   *
   * @param cookieKey of the peer that sent it
   * @return whether it was the answer to our last message
   */
  boolean take(byte[] reply, byte[] cookieKey, long now) {
    byte[] mac1 = lastMac1;
    if (mac1 == null) {
      return false;
    }
    int sealed = 8 + Primitives.XNONCE;
    Optional<byte[]> opened =
        Primitives.xopen(
            cookieKey,
            Arrays.copyOfRange(reply, 8, sealed),
            Arrays.copyOfRange(reply, sealed, reply.length),
            mac1);
    if (opened.isEmpty()) {
      return false;
    }
    cookie = opened.get();
    born = now;
    lastMac1 = null;
    return true;
  }

  void wipe() {
    if (cookie != null) {
      Primitives.wipe(cookie);
      cookie = null;
    }
  }
}
