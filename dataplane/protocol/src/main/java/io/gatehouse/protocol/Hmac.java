// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

/** HMAC (RFC 2104) with BLAKE2s-256, under one key for several messages. */
final class Hmac {
  /** Not settled: an empty message ends with this block. */
  private final Blake2s inner;

  private final Blake2s outer;

  /**
   * Takes a key.
   *
   * @param key at most {@value Blake2s#BLOCK} octets, not kept as such
   */
  Hmac(byte[] key) {
    inner = padded(key, 0x36);
    outer = padded(key, 0x5c).settle();
  }

  private static Blake2s padded(byte[] key, int pad) {
    byte[] block = new byte[Blake2s.BLOCK];
    for (int i = 0; i < block.length; i++) {
      block[i] = (byte) (pad ^ (i < key.length ? key[i] : 0));
    }
    Blake2s state = new Blake2s(Primitives.HASH).update(block);
    Primitives.wipe(block);
    return state;
  }

  /** The MAC of all parts. */
  byte[] mac(byte[]... parts) {
    Blake2s message = inner.copy();
    for (byte[] part : parts) {
      message.update(part);
    }
    byte[] digest = message.digest();
    byte[] out = outer.copy().update(digest).digest();
    Primitives.wipe(digest);
    return out;
  }

  void wipe() {
    inner.wipe();
    outer.wipe();
  }
}
