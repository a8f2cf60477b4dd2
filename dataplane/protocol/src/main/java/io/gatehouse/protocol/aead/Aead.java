// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import java.lang.foreign.MemorySegment;

/**
 * ChaCha20-Poly1305 (RFC 8439) as WireGuard's transport packets use it: no associated data, the
 * nonce is 32 zero bits and the 64-bit little-endian counter (paper, section 5.4.6).
 *
 * <p>Works in place, in native memory, without allocation. An instance holds scratch memory: it
 * belongs to one thread. Time depends on the length alone, never on keys or contents.
 */
public interface Aead {
  /** Octets that {@link #seal} appends. */
  int TAG_LENGTH = 16;

  /** Octets of a key. */
  int KEY_LENGTH = 32;

  /** Short name for logs and benchmarks, such as {@code vector-512}. */
  String name();

  /**
   * Encrypts in place and appends the tag.
   *
   * @param key native segment of exactly 32 octets
   * @param counter the nonce's counter, unsigned
   * @param packet native segment; {@code [offset, offset + length + 16)} must lie inside it
   * @param offset where the plaintext starts, any alignment
   * @param length octets of plaintext, 0 to 65535
   */
  void seal(MemorySegment key, long counter, MemorySegment packet, long offset, int length);

  /**
   * The same for a text of which a part lies elsewhere: as if that had been copied before.
   *
   * @param part a part of this text, as {@link TextPart#take} made it
   * @see #seal(MemorySegment, long, MemorySegment, long, int)
   */
  default void seal(
      MemorySegment key,
      long counter,
      MemorySegment packet,
      long offset,
      int length,
      TextPart part) {
    part.checkWithin(length);
    part.copyTo(packet, offset);
    seal(key, counter, packet, offset, length);
  }

  /**
   * Verifies the tag in constant time, then decrypts in place. When the tag is wrong the octets are
   * left as they were or are otherwise of no use; the caller drops the packet.
   *
   * @param key native segment of exactly 32 octets
   * @param counter the nonce's counter, unsigned
   * @param packet native segment; {@code [offset, offset + length)} must lie inside it
   * @param offset where the ciphertext starts, any alignment
   * @param length octets of ciphertext with the tag, 16 to 65551
   * @return whether the tag was right
   */
  boolean open(MemorySegment key, long counter, MemorySegment packet, long offset, int length);
}
