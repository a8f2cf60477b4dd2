// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.XChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The functions the paper builds upon (section 5.4), by its names. Heap arrays; wiped by callers.
 */
final class Primitives {
  static final int KEY = 32;
  static final int HASH = 32;
  static final int TAG = 16;
  static final int MAC = 16;
  static final int XNONCE = 24;

  /** The point that public keys are multiples of (RFC 7748, section 4.1). */
  private static final byte[] BASE = Arrays.copyOf(new byte[] {9}, KEY);

  private Primitives() {}

  /** BLAKE2s-256 over all parts. */
  static byte[] hash(byte[]... parts) {
    Blake2s digest = new Blake2s(HASH);
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  /** Keyed BLAKE2s with 16 octets of output. */
  static byte[] mac(byte[] key, byte[] input, int offset, int length) {
    return Blake2s.keyed(key, MAC).update(input, offset, length).digest();
  }

  /** {@code KDF_n}: HKDF of RFC 5869 with HMAC-BLAKE2s. */
  static byte[][] kdf(int n, byte[] key, byte[] input) {
    Hmac extract = new Hmac(key);
    byte[] secret = extract.mac(input);
    Hmac expand = new Hmac(secret).settle();
    byte[][] out = new byte[n][];
    byte[] previous = new byte[0];
    for (int i = 0; i < n; i++) {
      previous = expand.mac(previous, new byte[] {(byte) (i + 1)});
      out[i] = previous;
    }
    extract.wipe();
    expand.wipe();
    wipe(secret);
    return out;
  }

  /**
   * X25519 (RFC 7748).
   *
   * @return whether the result is not all zero; a zero one must never be used
   */
  static boolean dh(byte[] secret, byte[] point, byte[] out) {
    return X25519.agree(secret, point, out);
  }

  /**
   * Two of them at once.
   *
   * @return whether neither result is all zero; if one is, neither must be used
   */
  static boolean dhBoth(
      byte[] secret1, byte[] point1, byte[] out1, byte[] secret2, byte[] point2, byte[] out2) {
    return X25519.agreeBoth(secret1, point1, out1, secret2, point2, out2);
  }

  /**
   * X25519, and the public key of another private one: in lanes that comes along for nothing.
   *
   * @return whether the first result is not all zero; a zero one must never be used
   */
  static boolean dhAndPublicKey(
      byte[] secret, byte[] point, byte[] out, byte[] other, byte[] otherPublic) {
    if (X25519.inLanes()) {
      return X25519.agreeBoth(secret, point, out, other, BASE, otherPublic);
    }
    System.arraycopy(publicKey(other), 0, otherPublic, 0, KEY);
    return dh(secret, point, out);
  }

  /** The public key of a private one. */
  static byte[] publicKey(byte[] secret) {
    byte[] point = new byte[KEY];
    org.bouncycastle.math.ec.rfc7748.X25519.scalarMultBase(secret, 0, point, 0);
    return point;
  }

  /** Clears and sets the bits that RFC 7748, section 5, says, as wg(8) shows them. */
  static void clamp(byte[] secret) {
    secret[0] &= (byte) 248;
    secret[31] &= 127;
    secret[31] |= 64;
  }

  /** ChaCha20-Poly1305 with associated data and nonce zero; every handshake key seals once. */
  static byte[] seal(byte[] key, byte[] plaintext, byte[] associated) {
    return crypt(new ChaCha20Poly1305(), true, key, new byte[12], plaintext, associated)
        .orElseThrow();
  }

  /** The reverse; empty when the tag is wrong. */
  static Optional<byte[]> open(byte[] key, byte[] ciphertext, byte[] associated) {
    return crypt(new ChaCha20Poly1305(), false, key, new byte[12], ciphertext, associated);
  }

  /** XChaCha20-Poly1305 with a random nonce, for cookies. */
  static byte[] xseal(byte[] key, byte[] nonce, byte[] plaintext, byte[] associated) {
    return crypt(new XChaCha20Poly1305(), true, key, nonce, plaintext, associated).orElseThrow();
  }

  /** The reverse; empty when the tag is wrong. */
  static Optional<byte[]> xopen(byte[] key, byte[] nonce, byte[] ciphertext, byte[] associated) {
    return crypt(new XChaCha20Poly1305(), false, key, nonce, ciphertext, associated);
  }

  private static Optional<byte[]> crypt(
      AEADCipher cipher, boolean seal, byte[] key, byte[] nonce, byte[] input, byte[] associated) {
    cipher.init(seal, new AEADParameters(new KeyParameter(key), 8 * TAG, nonce, associated));
    byte[] out = new byte[cipher.getOutputSize(input.length)];
    try {
      int done = cipher.processBytes(input, 0, input.length, out, 0);
      cipher.doFinal(out, done);
      return Optional.of(out);
    } catch (InvalidCipherTextException e) {
      return Optional.empty();
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static void wipe(byte[]... secrets) {
    for (byte[] secret : secrets) {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
