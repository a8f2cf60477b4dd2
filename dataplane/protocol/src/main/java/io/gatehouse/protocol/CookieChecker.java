// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The receiver's side of MAC1, MAC2 and cookies (paper, 5.3, 5.4.4, 5.4.7). Keeps nothing per
 * source: a cookie is the MAC of its address and port under a secret that lives two minutes.
 */
final class CookieChecker {
  private static final byte[] NO_MAC2 = new byte[Primitives.MAC];

  private final byte[] mac1Key;
  private final byte[] cookieKey;
  private final RandomGenerator random;
  private final byte[] secret = new byte[Primitives.KEY];
  private boolean hasSecret;
  private long secretBorn;

  CookieChecker(byte[] ownPublic, RandomGenerator random) {
    this.mac1Key = Macs.mac1Key(ownPublic);
    this.cookieKey = Macs.cookieKey(ownPublic);
    this.random = random;
  }

  /** Whether the sender knows our public key. */
  boolean mac1Right(byte[] message) {
    int at = message.length - 2 * Primitives.MAC;
    return MessageDigest.isEqual(Macs.mac1(message), Primitives.mac(mac1Key, message, 0, at));
  }

  /** Whether the sender has a cookie of ours, and so gets what we send to its address. */
  boolean mac2Right(byte[] message, Endpoint from, long now) {
    if (Arrays.equals(Macs.mac2(message), NO_MAC2)) {
      // What a flood from forged addresses looks like: it shall cost no more than it must.
      return false;
    }
    byte[] cookie = cookie(from, now);
    byte[] mac2 = Primitives.mac(cookie, message, 0, message.length - Primitives.MAC);
    return MessageDigest.isEqual(Macs.mac2(message), mac2);
  }

  /** The cookie reply to a handshake message. */
  byte[] reply(byte[] message, Endpoint to, long now) {
    byte[] nonce = new byte[Primitives.XNONCE];
    random.nextBytes(nonce);
    byte[] reply = new byte[Messages.COOKIE_REPLY_LENGTH];
    Handshake.putInt(reply, 0, Messages.COOKIE_REPLY);
    Handshake.putInt(reply, 4, Handshake.getInt(message, 4));
    System.arraycopy(nonce, 0, reply, 8, nonce.length);
    byte[] sealed = Primitives.xseal(cookieKey, nonce, cookie(to, now), Macs.mac1(message));
    System.arraycopy(sealed, 0, reply, 8 + nonce.length, sealed.length);
    return reply;
  }

  void wipe() {
    Primitives.wipe(secret);
    hasSecret = false;
  }

  private byte[] cookie(Endpoint source, long now) {
    if (!hasSecret || now - secretBorn >= Limits.COOKIE_LIFETIME) {
      random.nextBytes(secret);
      secretBorn = now;
      hasSecret = true;
    }
    byte[] addressAndPort =
        ByteBuffer.allocate(18)
            .putLong(source.addressHigh())
            .putLong(source.addressLow())
            .putShort((short) source.port())
            .array();
    return Primitives.mac(secret, addressAndPort, 0, addressAndPort.length);
  }
}
