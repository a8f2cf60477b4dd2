// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A Curve25519 public key: 32 octets that identify a peer.
 *
 * <p>Immutable and safe for any thread. Text form is the 44-character base64 of wg(8).
 */
public final class PublicKey implements Comparable<PublicKey> {
  /** Length in octets. */
  public static final int LENGTH = 32;

  private final byte[] octets;

  private PublicKey(byte[] octets) {
    this.octets = octets;
  }

  /**
   * Wraps a copy of 32 octets.
   *
   * @throws IllegalArgumentException if the length is not 32
   */
  public static PublicKey of(byte[] octets) {
    if (octets.length != LENGTH) {
      throw new IllegalArgumentException("a public key has 32 octets, not " + octets.length);
    }
    return new PublicKey(octets.clone());
  }

  /**
   * Reads the base64 form of wg(8): exactly 44 characters, canonical padding.
   *
   * @throws IllegalArgumentException if the text is not that
   */
  public static PublicKey parse(String base64) {
    return new PublicKey(KeyText.decode(base64));
  }

  /**
   * Reads the 64 hexadecimal digits of the UAPI.
   *
   * @throws IllegalArgumentException if the text is not that
   */
  public static PublicKey parseHex(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** A copy of the 32 octets. */
  public byte[] octets() {
    return octets.clone();
  }

  /** The 64 lower-case hexadecimal digits of the UAPI. */
  public String hex() {
    return HexFormat.of().formatHex(octets);
  }

  /** The 44-character base64 form of wg(8). */
  @Override
  public String toString() {
    return Base64.getEncoder().encodeToString(octets);
  }

  /** Orders by unsigned octets, as stock tools sort peers without handshake. */
  @Override
  public int compareTo(PublicKey other) {
    return Arrays.compareUnsigned(octets, other.octets);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey key && Arrays.equals(octets, key.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }
}
