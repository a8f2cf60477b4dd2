// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Time-based one-time passwords (RFC 6238 over RFC 4226) of six digits, every 30 seconds another,
 * with HMAC-SHA-1: what every authenticator app knows.
 */
final class Totp {
  /** Octets of a secret: as long as the hash (RFC 4226, section 4, R6). */
  static final int SECRET_OCTETS = 20;

  private static final int STEP_SECONDS = 30;
  private static final int DIGITS = 6;
  private static final int LIMIT = 1_000_000;

  /** A phone's clock may differ by this many steps (RFC 6238, section 5.2). */
  private static final int DRIFT = 1;

  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private Totp() {}

  /** The step that a moment lies in. */
  static long step(Instant now) {
    return Math.floorDiv(now.getEpochSecond(), STEP_SECONDS);
  }

  /** The password of a step. */
  static String password(byte[] secret, long step) {
    byte[] hash = hmac(secret, ByteBuffer.allocate(Long.BYTES).putLong(step).array());
    int offset = hash[hash.length - 1] & 0xf;
    int number = ByteBuffer.wrap(hash).getInt(offset) & 0x7fff_ffff;
    return String.format(Locale.ROOT, "%0" + DIGITS + "d", number % LIMIT);
  }

  /**
   * The step whose password this is, if it is one of now and later than all that were used: whoever
   * looked over a shoulder cannot use it again.
   *
   * @param attempt as it was typed; blanks do not count
   * @param used the last step that was used
   */
  static OptionalLong verify(byte[] secret, String attempt, Instant now, long used) {
    byte[] digits = octets(attempt.replaceAll("\\s", ""));
    OptionalLong found = OptionalLong.empty();
    for (long step = step(now) - DRIFT; step <= step(now) + DRIFT; step++) {
      if (MessageDigest.isEqual(octets(password(secret, step)), digits) && step > used) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  /** What an app reads from a QR code (the Key URI format of Google Authenticator). */
  static String uri(String user, String host, byte[] secret) {
    return "otpauth://totp/Gatehouse:"
        + user
        + "%40"
        + host.replace(":", "%3A").replace("[", "%5B").replace("]", "%5D")
        + "?secret="
        + base32(secret)
        + "&issuer=Gatehouse&algorithm=SHA1&digits="
        + DIGITS
        + "&period="
        + STEP_SECONDS;
  }

  /** Base32 without padding (RFC 4648, section 6). */
  static String base32(byte[] octets) {
    StringBuilder text = new StringBuilder();
    int bits = 0;
    int rest = 0;
    for (byte octet : octets) {
      rest = rest << 8 | octet & 0xff;
      for (bits += 8; bits >= 5; bits -= 5) {
        text.append(BASE32.charAt(rest >> bits - 5 & 31));
      }
      rest &= (1 << bits) - 1;
    }
    return bits == 0
        ? text.toString()
        : text.append(BASE32.charAt(rest << 5 - bits & 31)).toString();
  }

  /**
   * The other way round.
   *
   * @throws IllegalArgumentException if it is none
   */
  static byte[] fromBase32(String text) {
    ByteBuffer octets = ByteBuffer.allocate(text.length() * 5 / 8);
    int bits = 0;
    int rest = 0;
    for (int i = 0; i < text.length(); i++) {
      int value = BASE32.indexOf(text.charAt(i));
      if (value < 0) {
        throw new IllegalArgumentException("not a base32 digit: " + text.charAt(i));
      }
      rest = rest << 5 | value;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        octets.put((byte) (rest >> bits));
      }
      rest &= (1 << bits) - 1;
    }
    return octets.array();
  }

  private static byte[] octets(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA1", e);
    }
  }
}
