// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.Base64;

/**
 * The base64 form of 32-octet keys in wg(8): 44 characters, the last one {@code =}, no spare bits.
 */
final class KeyText {
  private KeyText() {}

  static byte[] decode(String base64) {
    if (base64.length() != 44) {
      throw new IllegalArgumentException(
          "a key is 44 characters of base64, this one has " + base64.length());
    }
    byte[] octets;
    try {
      octets = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // The decoder's own message may quote the text, and the text may be a secret.
      throw new IllegalArgumentException("a key is base64, this one is not");
    }
    // Spare bits of the last digit must be zero: the same key has one spelling only.
    if (octets.length != 32 || !Base64.getEncoder().encodeToString(octets).equals(base64)) {
      throw new IllegalArgumentException("not the base64 form of a 32-octet key");
    }
    return octets;
  }
}
