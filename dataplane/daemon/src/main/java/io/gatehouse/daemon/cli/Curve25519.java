// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** Keys for Curve25519 (RFC 7748). */
final class Curve25519 {
  private static final byte[] BASE_POINT = new byte[PublicKey.LENGTH];

  static {
    BASE_POINT[0] = 9;
  }

  private Curve25519() {}

  /** The public key of a private one, which need not be clamped. */
  static PublicKey publicKey(SecretKey key) {
    byte[] secret = key.revealOctets();
    byte[] point = new byte[PublicKey.LENGTH];
    // One ladder: the tables that speed up many are not worth making for a single key.
    X25519.scalarMult(secret, 0, BASE_POINT, 0, point, 0);
    Arrays.fill(secret, (byte) 0);
    return PublicKey.of(point);
  }

  /** Clears and sets the bits that RFC 7748, section 5, says. */
  static void clamp(byte[] secret) {
    secret[0] &= (byte) 248;
    secret[31] &= 127;
    secret[31] |= 64;
  }
}
