// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.util.Arrays;

/** HMAC (RFC 2104) with BLAKE2s-256, under one key for several messages. */
final class Hmac {
  /** Not settled as long as the message may be empty, since that ends with this block. */
  private final Blake2s inner;

  private final Blake2s outer;

  /** The one that is being worked on. */
  private final Blake2s state = new Blake2s(Primitives.HASH);

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
    Arrays.fill(block, (byte) pad);
    for (int i = 0; i < key.length; i++) {
      block[i] ^= key[i];
    }
    Blake2s state = new Blake2s(Primitives.HASH).update(block);
    Primitives.wipe(block);
    return state;
  }

  /** Works off what all messages have in common. Only where none of them is empty. */
  Hmac settle() {
    inner.settle();
    return this;
  }

  /** The MAC of all parts. */
  byte[] mac(byte[]... parts) {
    state.become(inner);
    for (byte[] part : parts) {
      state.update(part);
    }
    byte[] digest = state.digest();
    byte[] out = state.become(outer).update(digest).digest();
    Primitives.wipe(digest);
    return out;
  }

  void wipe() {
    inner.wipe();
    outer.wipe();
  }
}
