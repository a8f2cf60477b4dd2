// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;

/** Our static key pair and what follows from it. Control thread; the private key is off-heap. */
final class Identity {
  private final MemorySegment privateKey;
  private final byte[] publicOctets;
  private final PublicKey publicKey;
  private final KeySlots slots;

  /**
   * Moves the private key, which is clamped.
   *
   * @param octets wiped
   */
  Identity(byte[] octets, KeySlots slots) {
    Primitives.clamp(octets);
    this.publicOctets = Primitives.publicKey(octets);
    this.publicKey = PublicKey.of(publicOctets);
    this.privateKey = slots.take(octets);
    this.slots = slots;
  }

  PublicKey publicKey() {
    return publicKey;
  }

  byte[] publicOctets() {
    return publicOctets;
  }

  SecretKey reveal() {
    byte[] octets = KeySlots.copyOf(privateKey);
    SecretKey key = SecretKey.of(octets);
    Primitives.wipe(octets);
    return key;
  }

  /** Compares in constant time. */
  boolean isPrivateKey(byte[] clamped) {
    byte[] octets = KeySlots.copyOf(privateKey);
    boolean same = MessageDigest.isEqual(octets, clamped);
    Primitives.wipe(octets);
    return same;
  }

  /** X25519 with our private key; whether the result is not zero. */
  boolean dh(byte[] point, byte[] out) {
    byte[] octets = KeySlots.copyOf(privateKey);
    boolean good = Primitives.dh(octets, point, out);
    Primitives.wipe(octets);
    return good;
  }

  /** X25519 of both our private key and another one; whether neither result is zero. */
  boolean dhBoth(byte[] point, byte[] out, byte[] other, byte[] otherOut) {
    byte[] octets = KeySlots.copyOf(privateKey);
    boolean good = Primitives.dhBoth(octets, point, out, other, point, otherOut);
    Primitives.wipe(octets);
    return good;
  }

  /** X25519 with our private key, and another one's public key; whether the first is not zero. */
  boolean dhAndPublicKey(byte[] point, byte[] out, byte[] other, byte[] otherPublic) {
    byte[] octets = KeySlots.copyOf(privateKey);
    boolean good = Primitives.dhAndPublicKey(octets, point, out, other, otherPublic);
    Primitives.wipe(octets);
    return good;
  }

  void wipe() {
    slots.giveBack(privateKey);
  }
}
