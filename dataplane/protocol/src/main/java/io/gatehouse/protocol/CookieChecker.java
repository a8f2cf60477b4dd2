// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The receiver's side of MAC1, MAC2 and cookies (paper, 5.3, 5.4.4, 5.4.7). Keeps nothing per
 * source: a cookie is the MAC of its address and port under a secret that lives two minutes.
 */
final class CookieChecker {
  private static final byte[] NO_MAC2 = new byte[Primitives.MAC];

  private final Blake2s mac1;
  private final byte[] cookieKey;
  private final RandomGenerator random;

  /** Under the secret; null as long as no cookie was given. */
  private @Nullable Blake2s cookies;

  private long secretBorn;

  CookieChecker(byte[] ownPublic, RandomGenerator random) {
    this.mac1 = Blake2s.keyed(Macs.mac1Key(ownPublic), Primitives.MAC).settle();
    this.cookieKey = Macs.cookieKey(ownPublic);
    this.random = random;
  }

  /** Whether the sender knows our public key. */
  boolean mac1Right(byte[] message) {
    int at = message.length - 2 * Primitives.MAC;
    byte[] expected = mac1.copy().update(message, 0, at).digest();
    return MessageDigest.isEqual(Macs.mac1(message), expected);
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
    if (cookies != null) {
      cookies.wipe();
      cookies = null;
    }
  }

  private byte[] cookie(Endpoint source, long now) {
    if (cookies == null || now - secretBorn >= Limits.COOKIE_LIFETIME) {
      wipe();
      byte[] secret = new byte[Primitives.KEY];
      random.nextBytes(secret);
      cookies = Blake2s.keyed(secret, Primitives.MAC).settle();
      Primitives.wipe(secret);
      secretBorn = now;
    }
    byte[] addressAndPort =
        ByteBuffer.allocate(18)
            .putLong(source.addressHigh())
            .putLong(source.addressLow())
            .putShort((short) source.port())
            .array();
    return cookies.copy().update(addressAndPort).digest();
  }
}
