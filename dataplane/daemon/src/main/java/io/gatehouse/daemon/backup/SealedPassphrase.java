// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import io.gatehouse.control.Passphrase;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key pair to which somebody far away can seal one passphrase, so that whatever lies between
 * passes it on without seeing it. What is sealed is the sender's public key of X25519 and the
 * passphrase in UTF-8 by AES-256-GCM, in base64: what a browser can do. Thread-safe.
 */
public final class SealedPassphrase {
  private static final String PURPOSE = "Gatehouse passphrase";
  private static final int TAG_BITS = 128;

  // A key of its own for each passphrase, so there is but one nonce.
  private static final byte[] NONCE = new byte[12];

  private final byte[] own = Agreement.fresh();

  /** To be sealed to, in base64. */
  public String publicKey() {
    return Base64.getEncoder().encodeToString(Agreement.publicKey(own));
  }

  /**
   * Opens one.
   *
   * @throws BackupException if it was not sealed to this
   */
  public Passphrase open(String sealed) throws BackupException {
    byte[] key = new byte[0];
    byte[] clear = new byte[0];
    try {
      ByteBuffer parts = ByteBuffer.wrap(Base64.getDecoder().decode(sealed));
      byte[] sender = new byte[Math.min(Agreement.POINT, parts.remaining())];
      parts.get(sender);
      byte[] salt =
          ByteBuffer.allocate(2 * Agreement.POINT)
              .put(sender)
              .put(Agreement.publicKey(own))
              .array();
      key = Agreement.key(own, sender, salt, PURPOSE);
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new GCMParameterSpec(TAG_BITS, NONCE));
      byte[] text = new byte[parts.remaining()];
      parts.get(text);
      clear = cipher.doFinal(text);
      return passphrase(clear);
    } catch (GeneralSecurityException | IllegalArgumentException | CharacterCodingException e) {
      throw new BackupException(
          "the passphrase was not sealed for this restore. Nothing was changed; type it again.");
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(clear, (byte) 0);
    }
  }

  private static Passphrase passphrase(byte[] clear) throws CharacterCodingException {
    CharBuffer characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(clear));
    char[] copy = new char[characters.remaining()];
    characters.get(copy);
    Arrays.fill(characters.array(), '\0');
    try {
      return Passphrase.of(copy);
    } finally {
      Arrays.fill(copy, '\0');
    }
  }
}
