// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Random secrets that people or programs are given once, of which only a hash is kept. They are
 * long enough that nobody can guess them, so a plain hash will do (unlike for passwords).
 */
final class Secrets {
  // Crockford's digits leave out I, L, O and U, which look like others.
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  /** So many random octets. */
  static byte[] octets(int count) {
    byte[] octets = new byte[count];
    RANDOM.nextBytes(octets);
    return octets;
  }

  /** A code for people to type: groups of five Crockford base32 digits of five bits each. */
  static String code(int groups) {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < groups * 5; i++) {
      code.append(i > 0 && i % 5 == 0 ? "-" : "").append(DIGITS.charAt(RANDOM.nextInt(32)));
    }
    return code.toString();
  }

  /** A code without what people may type otherwise: case, blanks, dashes, digits like letters. */
  static String plain(String code) {
    return code.toUpperCase(Locale.ROOT)
        .replaceAll("[\\s-]", "")
        .replace('O', '0')
        .replace('I', '1')
        .replace('L', '1');
  }

  /** SHA-256 of a text, in hexadecimal. */
  static String hash(String text) {
    return HexFormat.of().formatHex(sha256(text.getBytes(UTF_8)));
  }

  /** Whether a text has that hash; the time that it takes does not depend on where it differs. */
  static boolean matches(String text, String hash) {
    return MessageDigest.isEqual(hash(text).getBytes(UTF_8), hash.getBytes(UTF_8));
  }

  private static byte[] sha256(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
