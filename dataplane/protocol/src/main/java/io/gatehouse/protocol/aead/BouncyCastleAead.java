// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.util.Pack;

/**
 * The reference and fallback engine: Bouncy Castle's ChaCha20 and Poly1305 put together as RFC 8439
 * section 2.8 says, with empty associated data.
 *
 * <p>Slow (some 10 us for a full packet) and allocating, but plainly right: packets are copied
 * through an array of this instance, so heap segments work too. The fast engines are tested against
 * it byte for byte.
 */
public final class BouncyCastleAead implements Aead {
  private static final int BLOCK = 64;
  private static final byte[] ZEROS = new byte[BLOCK];

  private final ChaCha7539Engine cipher = new ChaCha7539Engine();
  private final Poly1305 mac = new Poly1305();
  private final byte[] keyBytes = new byte[KEY_LENGTH];
  private final byte[] nonce = new byte[12];
  private final byte[] firstBlock = new byte[BLOCK];
  private final byte[] lengths = new byte[16];
  private final byte[] tag = new byte[TAG_LENGTH];
  private byte[] text = new byte[2048];

  /** Makes an engine for the calling thread. */
  public BouncyCastleAead() {}

  @Override
  public String name() {
    return "bouncycastle";
  }

  @Override
  public void seal(MemorySegment key, long counter, MemorySegment packet, long offset, int length) {
    checkArguments(key, packet, offset, length, (long) length + TAG_LENGTH);
    start(key, counter);
    load(packet, offset, length);
    cipher.processBytes(text, 0, length, text, 0);
    authenticate(length);
    MemorySegment.copy(text, 0, packet, ValueLayout.JAVA_BYTE, offset, length);
    MemorySegment.copy(tag, 0, packet, ValueLayout.JAVA_BYTE, offset + length, TAG_LENGTH);
  }

  @Override
  public boolean open(
      MemorySegment key, long counter, MemorySegment packet, long offset, int length) {
    int textLength = length - TAG_LENGTH;
    checkArguments(key, packet, offset, textLength, length);
    start(key, counter);
    load(packet, offset, textLength);
    authenticate(textLength);
    int difference = 0;
    for (int i = 0; i < TAG_LENGTH; i++) {
      difference |= tag[i] ^ packet.get(ValueLayout.JAVA_BYTE, offset + textLength + i);
    }
    if (difference != 0) {
      return false;
    }
    cipher.processBytes(text, 0, textLength, text, 0);
    MemorySegment.copy(text, 0, packet, ValueLayout.JAVA_BYTE, offset, textLength);
    return true;
  }

  /** Throws when a length or a position does not fit, before a byte is touched. */
  static void checkArguments(
      MemorySegment key, MemorySegment packet, long offset, int textLength, long space) {
    if (key.byteSize() != KEY_LENGTH) {
      throw new IllegalArgumentException("key of " + key.byteSize() + " octets instead of 32");
    }
    if (textLength < 0 || textLength > 65_535) {
      throw new IllegalArgumentException("text of " + textLength + " octets, not 0 to 65535");
    }
    Objects.checkFromIndexSize(offset, space, packet.byteSize());
  }

  /** Keys the cipher, spends its block 0 on the one-time key and keys the authenticator with it. */
  private void start(MemorySegment key, long counter) {
    MemorySegment.copy(key, ValueLayout.JAVA_BYTE, 0, keyBytes, 0, KEY_LENGTH);
    Pack.longToLittleEndian(counter, nonce, 4);
    cipher.init(true, new ParametersWithIV(new KeyParameter(keyBytes), nonce));
    cipher.processBytes(ZEROS, 0, BLOCK, firstBlock, 0);
    mac.init(new KeyParameter(firstBlock, 0, KEY_LENGTH));
    Arrays.fill(keyBytes, (byte) 0);
    Arrays.fill(firstBlock, (byte) 0);
  }

  private void load(MemorySegment packet, long offset, int length) {
    if (text.length < length) {
      text = new byte[65_535];
    }
    MemorySegment.copy(packet, ValueLayout.JAVA_BYTE, offset, text, 0, length);
  }

  /** Leaves the tag over the ciphertext in {@code text} in {@code tag}. */
  private void authenticate(int length) {
    mac.update(text, 0, length);
    mac.update(ZEROS, 0, -length & 15);
    Pack.longToLittleEndian(length, lengths, 8);
    mac.update(lengths, 0, lengths.length);
    mac.doFinal(tag, 0);
  }
}
