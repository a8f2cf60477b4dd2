// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A private or preshared key: 32 secret octets.
 *
 * <p>Its {@link #toString} is masked, so that it cannot reach a log or a JSON text by accident; the
 * text forms have names that say what they give away. The holder of the last reference calls {@link
 * #wipe}. Not thread-safe against a concurrent {@code wipe}.
 */
public final class SecretKey {
  /** Length in octets. */
  public static final int LENGTH = 32;

  private final byte[] octets;

  private SecretKey(byte[] octets) {
    this.octets = octets;
  }

  /**
   * Wraps a copy of 32 octets; the caller may wipe its own array at once.
   *
   * @throws IllegalArgumentException if the length is not 32
   */
  public static SecretKey of(byte[] octets) {
    if (octets.length != LENGTH) {
      throw new IllegalArgumentException("a key has 32 octets, not " + octets.length);
    }
    return new SecretKey(octets.clone());
  }

  /**
   * Reads the 44-character base64 form of wg(8). The message of the exception never quotes the
   * text.
   *
   * @throws IllegalArgumentException if the text is not that
   */
  public static SecretKey parse(String base64) {
    return new SecretKey(KeyText.decode(base64));
  }

  /**
   * Reads the 64 hexadecimal digits of the UAPI. The message of the exception never quotes the
   * text.
   *
   * @throws IllegalArgumentException if the text is not that
   */
  public static SecretKey parseHex(String hex) {
    if (hex.length() != 2 * LENGTH || !hex.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IllegalArgumentException("a key is 64 hexadecimal digits, this one is not");
    }
    return new SecretKey(HexFormat.of().parseHex(hex));
  }

  /** A copy of the octets, which the caller owns and wipes. */
  public byte[] revealOctets() {
    return octets.clone();
  }

  /** The base64 form of wg(8), in clear. */
  public String revealBase64() {
    return Base64.getEncoder().encodeToString(octets);
  }

  /** The hexadecimal form of the UAPI, in clear. */
  public String revealHex() {
    return HexFormat.of().formatHex(octets);
  }

  /** Whether all octets are zero, which the UAPI takes as "no key". */
  public boolean isZero() {
    int or = 0;
    for (byte b : octets) {
      or |= b;
    }
    return or == 0;
  }

  /**
   * The private key that a device makes of this one (RFC 7748, section 5): wg genkey does it
   * itself, but any 32 octets may stand in a file, and a device answers with the clamped ones.
   */
  public SecretKey clamped() {
    byte[] clamped = octets.clone();
    clamped[0] &= (byte) 248;
    clamped[LENGTH - 1] = (byte) (clamped[LENGTH - 1] & 127 | 64);
    return new SecretKey(clamped);
  }

  /** Overwrites the octets with zeros. */
  public void wipe() {
    Arrays.fill(octets, (byte) 0);
  }

  /** Compares in constant time. */
  @Override
  public boolean equals(Object other) {
    return other instanceof SecretKey key && MessageDigest.isEqual(octets, key.octets);
  }

  /** Says nothing of the key. */
  @Override
  public int hashCode() {
    return SecretKey.class.hashCode();
  }

  @Override
  public String toString() {
    return "(hidden)";
  }
}
