// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * ChaCha20-Poly1305 for one piece of a backup after the other. The nonce is the piece's number and
 * whether it is the last, so that none can be left out, moved, or missing at the end (STREAM of
 * Hoang, Reyhanitabar, Rogaway and Vizár); a key is of one file only. The header is authenticated
 * with each piece.
 */
final class Seal {
  /** Octets of a piece in clear; only the last may have fewer. */
  static final int PIECE = 64 << 10;

  /** What sealing adds to a piece. */
  static final int TAG = 16;

  private static final int NONCE = 12;

  private final SecretKeySpec key;
  private final byte[] header;
  private long number;

  /** Copies the key. */
  Seal(byte[] key, Header header) {
    this.key = new SecretKeySpec(key, "ChaCha20");
    this.header = header.octets();
  }

  /** Seals the next piece. */
  byte[] seal(byte[] piece, int length, boolean last) {
    try {
      return cipher(Cipher.ENCRYPT_MODE, last).doFinal(piece, 0, length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has ChaCha20-Poly1305", e);
    }
  }

  /**
   * Opens the next piece.
   *
   * @throws AEADBadTagException if it is not what was sealed in this place with this key
   */
  byte[] open(byte[] sealed, int length, boolean last) throws AEADBadTagException {
    try {
      return cipher(Cipher.DECRYPT_MODE, last).doFinal(sealed, 0, length);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has ChaCha20-Poly1305", e);
    }
  }

  private Cipher cipher(int mode, boolean last) throws GeneralSecurityException {
    ByteBuffer nonce = ByteBuffer.allocate(NONCE).putLong(number++).putInt(last ? 1 : 0);
    Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
    cipher.init(mode, key, new IvParameterSpec(nonce.array()));
    cipher.updateAAD(header);
    return cipher;
  }

  /** Forgets what it holds of a piece. */
  static void wipe(byte[] piece) {
    Arrays.fill(piece, (byte) 0);
  }
}
