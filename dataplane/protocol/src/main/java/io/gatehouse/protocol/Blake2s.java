// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * BLAKE2s (RFC 7693, whose names these are) of one message. A state is small and cheap to copy, so
 * that one with a key in it can serve for many messages.
 */
final class Blake2s {
  static final int BLOCK = 64;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int IV0 = 0x6a09e667;
  private static final int IV1 = 0xbb67ae85;
  private static final int IV2 = 0x3c6ef372;
  private static final int IV3 = 0xa54ff53a;
  private static final int IV4 = 0x510e527f;
  private static final int IV5 = 0x9b05688c;
  private static final int IV6 = 0x1f83d9ab;
  private static final int IV7 = 0x5be0cd19;

  /** SIGMA, row after row. */
  private static final byte[] SIGMA = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, //
    14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3, //
    11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4, //
    7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8, //
    9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13, //
    2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9, //
    12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11, //
    13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10, //
    6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5, //
    10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0
  };

  private final int[] h = new int[8];
  private final int[] m = new int[16];
  private final byte[] block = new byte[BLOCK];
  private final int length;
  private int filled;
  private long count;

  /**
   * A message of no octets yet.
   *
   * @param length octets of the result: a multiple of 4 up to 32
   */
  Blake2s(int length) {
    this(length, 0);
  }

  private Blake2s(int length, int keyLength) {
    this.length = length;
    h[0] = IV0 ^ 0x01010000 ^ keyLength << 8 ^ length;
    h[1] = IV1;
    h[2] = IV2;
    h[3] = IV3;
    h[4] = IV4;
    h[5] = IV5;
    h[6] = IV6;
    h[7] = IV7;
  }

  /**
   * The same under a key.
   *
   * @param key 1 to 32 octets, not kept as such
   */
  static Blake2s keyed(byte[] key, int length) {
    Blake2s state = new Blake2s(length, key.length);
    System.arraycopy(key, 0, state.block, 0, key.length);
    state.filled = BLOCK;
    return state;
  }

  /**
   * Works off a whole block that waits, so that copies need not: the key, or the first block of an
   * HMAC. Only where more of the message is to come.
   */
  Blake2s settle() {
    if (filled == BLOCK) {
      absorb();
      Arrays.fill(m, 0);
      Arrays.fill(block, (byte) 0);
    }
    return this;
  }

  Blake2s copy() {
    return new Blake2s(length).become(this);
  }

  /** Becomes a copy of a state with as long a result, whatever this one was. */
  Blake2s become(Blake2s other) {
    System.arraycopy(other.h, 0, h, 0, h.length);
    System.arraycopy(other.block, 0, block, 0, BLOCK);
    filled = other.filled;
    count = other.count;
    return this;
  }

  Blake2s update(byte[] input) {
    return update(input, 0, input.length);
  }

  Blake2s update(byte[] input, int offset, int octets) {
    int at = offset;
    int left = octets;
    while (left > 0) {
      if (filled == BLOCK) {
        absorb();
      }
      int part = Math.min(left, BLOCK - filled);
      System.arraycopy(input, at, block, filled, part);
      filled += part;
      at += part;
      left -= part;
    }
    return this;
  }

  private void absorb() {
    count += BLOCK;
    compress(0);
    filled = 0;
  }

  /** The result. The state is wiped and of no more use but to {@link #become}. */
  byte[] digest() {
    count += filled;
    Arrays.fill(block, filled, BLOCK, (byte) 0);
    compress(-1);
    byte[] out = new byte[length];
    for (int i = 0; i < length; i += Integer.BYTES) {
      INT.set(out, i, h[i / Integer.BYTES]);
    }
    wipe();
    return out;
  }

  void wipe() {
    Arrays.fill(h, 0);
    Arrays.fill(m, 0);
    Arrays.fill(block, (byte) 0);
  }

  /** F of RFC 7693, section 3.2, the four G of each half round written out. */
  private void compress(int last) {
    for (int i = 0; i < m.length; i++) {
      m[i] = (int) INT.get(block, Integer.BYTES * i);
    }
    int v0 = h[0];
    int v1 = h[1];
    int v2 = h[2];
    int v3 = h[3];
    int v4 = h[4];
    int v5 = h[5];
    int v6 = h[6];
    int v7 = h[7];
    int v8 = IV0;
    int v9 = IV1;
    int v10 = IV2;
    int v11 = IV3;
    int v12 = IV4 ^ (int) count;
    int v13 = IV5 ^ (int) (count >>> 32);
    int v14 = IV6 ^ last;
    int v15 = IV7;
    for (int s = 0; s < SIGMA.length; s += 16) {
      v0 += v4 + m[SIGMA[s]];
      v12 = Integer.rotateRight(v12 ^ v0, 16);
      v8 += v12;
      v4 = Integer.rotateRight(v4 ^ v8, 12);
      v0 += v4 + m[SIGMA[s + 1]];
      v12 = Integer.rotateRight(v12 ^ v0, 8);
      v8 += v12;
      v4 = Integer.rotateRight(v4 ^ v8, 7);

      v1 += v5 + m[SIGMA[s + 2]];
      v13 = Integer.rotateRight(v13 ^ v1, 16);
      v9 += v13;
      v5 = Integer.rotateRight(v5 ^ v9, 12);
      v1 += v5 + m[SIGMA[s + 3]];
      v13 = Integer.rotateRight(v13 ^ v1, 8);
      v9 += v13;
      v5 = Integer.rotateRight(v5 ^ v9, 7);

      v2 += v6 + m[SIGMA[s + 4]];
      v14 = Integer.rotateRight(v14 ^ v2, 16);
      v10 += v14;
      v6 = Integer.rotateRight(v6 ^ v10, 12);
      v2 += v6 + m[SIGMA[s + 5]];
      v14 = Integer.rotateRight(v14 ^ v2, 8);
      v10 += v14;
      v6 = Integer.rotateRight(v6 ^ v10, 7);

      v3 += v7 + m[SIGMA[s + 6]];
      v15 = Integer.rotateRight(v15 ^ v3, 16);
      v11 += v15;
      v7 = Integer.rotateRight(v7 ^ v11, 12);
      v3 += v7 + m[SIGMA[s + 7]];
      v15 = Integer.rotateRight(v15 ^ v3, 8);
      v11 += v15;
      v7 = Integer.rotateRight(v7 ^ v11, 7);

      v0 += v5 + m[SIGMA[s + 8]];
      v15 = Integer.rotateRight(v15 ^ v0, 16);
      v10 += v15;
      v5 = Integer.rotateRight(v5 ^ v10, 12);
      v0 += v5 + m[SIGMA[s + 9]];
      v15 = Integer.rotateRight(v15 ^ v0, 8);
      v10 += v15;
      v5 = Integer.rotateRight(v5 ^ v10, 7);

      v1 += v6 + m[SIGMA[s + 10]];
      v12 = Integer.rotateRight(v12 ^ v1, 16);
      v11 += v12;
      v6 = Integer.rotateRight(v6 ^ v11, 12);
      v1 += v6 + m[SIGMA[s + 11]];
      v12 = Integer.rotateRight(v12 ^ v1, 8);
      v11 += v12;
      v6 = Integer.rotateRight(v6 ^ v11, 7);

      v2 += v7 + m[SIGMA[s + 12]];
      v13 = Integer.rotateRight(v13 ^ v2, 16);
      v8 += v13;
      v7 = Integer.rotateRight(v7 ^ v8, 12);
      v2 += v7 + m[SIGMA[s + 13]];
      v13 = Integer.rotateRight(v13 ^ v2, 8);
      v8 += v13;
      v7 = Integer.rotateRight(v7 ^ v8, 7);

      v3 += v4 + m[SIGMA[s + 14]];
      v14 = Integer.rotateRight(v14 ^ v3, 16);
      v9 += v14;
      v4 = Integer.rotateRight(v4 ^ v9, 12);
      v3 += v4 + m[SIGMA[s + 15]];
      v14 = Integer.rotateRight(v14 ^ v3, 8);
      v9 += v14;
      v4 = Integer.rotateRight(v4 ^ v9, 7);
    }
    h[0] ^= v0 ^ v8;
    h[1] ^= v1 ^ v9;
    h[2] ^= v2 ^ v10;
    h[3] ^= v3 ^ v11;
    h[4] ^= v4 ^ v12;
    h[5] ^= v5 ^ v13;
    h[6] ^= v6 ^ v14;
    h[7] ^= v7 ^ v15;
  }
}
