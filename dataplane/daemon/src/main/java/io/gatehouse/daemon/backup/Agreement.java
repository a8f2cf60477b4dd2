// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** A key that two agree upon by X25519 (RFC 7748) and HKDF with SHA-256 (RFC 5869). */
final class Agreement {
  /** Octets of a public key. */
  static final int POINT = X25519.POINT_SIZE;

  private static final int KEY = 32;

  private Agreement() {}

  /** A private key, which the caller wipes. */
  static byte[] fresh() {
    byte[] own = new byte[X25519.SCALAR_SIZE];
    new SecureRandom().nextBytes(own);
    return own;
  }

  /** What belongs to a private key. */
  static byte[] publicKey(byte[] own) {
    byte[] point = new byte[POINT];
    X25519.scalarMultBase(own, 0, point, 0);
    return point;
  }

  /**
   * The key, 32 octets, which the caller wipes.
   *
   * @param own private key of one
   * @param other public key of the other
   * @param salt the public keys of both, in an order that both know
   * @param purpose of the key, in ASCII
   * @throws IllegalArgumentException if the other's is no honest one
   */
  static byte[] key(byte[] own, byte[] other, byte[] salt, String purpose) {
    byte[] common = new byte[X25519.POINT_SIZE];
    if (other.length != POINT || !X25519.calculateAgreement(own, 0, other, 0, common, 0)) {
      throw new IllegalArgumentException("not a public key");
    }
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract()
                  .addIKM(common)
                  .addSalt(salt)
                  .thenExpand(purpose.getBytes(US_ASCII), KEY));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HKDF with SHA-256", e);
    } finally {
      Arrays.fill(common, (byte) 0);
    }
  }
}
