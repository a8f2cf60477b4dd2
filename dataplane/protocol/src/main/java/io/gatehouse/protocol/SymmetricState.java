// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.util.Arrays;
import java.util.Optional;

/**
 * The running hash and chaining key of a Noise handshake (Noise, section 5.2, names from there) for
 * {@code Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s}.
 */
final class SymmetricState {
  private static final byte[] CONSTRUCTION =
      Primitives.hash(Primitives.ascii("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"));
  private static final byte[] PROLOGUE =
      Primitives.hash(CONSTRUCTION, Primitives.ascii("WireGuard v1 zx2c4 Jason@zx2c4.com"));

  private byte[] chainingKey;
  private byte[] hash;

  private SymmetricState(byte[] chainingKey, byte[] hash) {
    this.chainingKey = chainingKey;
    this.hash = hash;
  }

  /** The state before the first message to this responder. */
  static SymmetricState toResponder(byte[] responderPublic) {
    return new SymmetricState(CONSTRUCTION.clone(), Primitives.hash(PROLOGUE, responderPublic));
  }

  SymmetricState copy() {
    return new SymmetricState(chainingKey.clone(), hash.clone());
  }

  void mixHash(byte[] data) {
    hash = Primitives.hash(hash, data);
  }

  /** {@code KDF1}: no key comes out. */
  void mixKey(byte[] input) {
    chain(Primitives.kdf(1, chainingKey, input));
  }

  /** {@code KDF2}: gives the key for the next field, which the caller wipes. */
  byte[] mixKeyForCipher(byte[] input) {
    byte[][] keys = Primitives.kdf(2, chainingKey, input);
    chain(keys);
    return keys[1];
  }

  /** {@code KDF3} with the preshared key: gives the key for the next field. */
  byte[] mixKeyAndHash(byte[] presharedKey) {
    byte[][] keys = Primitives.kdf(3, chainingKey, presharedKey);
    chain(keys);
    mixHash(keys[1]);
    Primitives.wipe(keys[1]);
    return keys[2];
  }

  /** Seals a field and wipes its key. */
  byte[] encryptAndHash(byte[] key, byte[] plaintext) {
    byte[] field = Primitives.seal(key, plaintext, hash);
    Primitives.wipe(key);
    mixHash(field);
    return field;
  }

  /** Opens a field and wipes its key; empty when it was not sealed by the peer. */
  Optional<byte[]> decryptAndHash(byte[] key, byte[] field) {
    Optional<byte[]> plaintext = Primitives.open(key, field, hash);
    Primitives.wipe(key);
    mixHash(field);
    return plaintext;
  }

  /** The transport keys: the initiator sends with the first. */
  byte[][] split() {
    return Primitives.kdf(2, chainingKey, new byte[0]);
  }

  void wipe() {
    Arrays.fill(chainingKey, (byte) 0);
    Arrays.fill(hash, (byte) 0);
  }

  boolean isWiped() {
    return Arrays.equals(chainingKey, new byte[Primitives.HASH])
        && Arrays.equals(hash, new byte[Primitives.HASH]);
  }

  private void chain(byte[][] keys) {
    Primitives.wipe(chainingKey);
    chainingKey = keys[0];
  }
}
