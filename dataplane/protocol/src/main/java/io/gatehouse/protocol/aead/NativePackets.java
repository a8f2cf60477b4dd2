// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** The checks before a packet is known by its raw address. */
final class NativePackets {
  private NativePackets() {}

  /**
   * Throws unless key and packet are native, and text and tag lie inside.
   *
   * @param textLength octets of text, 0 to 65535
   * @param space octets from the offset on that the engine touches
   */
  static void check(
      MemorySegment key, MemorySegment packet, long offset, int textLength, long space) {
    if (!key.isNative() || !packet.isNative()) {
      throw new IllegalArgumentException("key and packet must lie in native memory");
    }
    if (packet.isReadOnly()) {
      throw new IllegalArgumentException("packet must be writable");
    }
    if (key.byteSize() != Aead.KEY_LENGTH) {
      throw new IllegalArgumentException("key of " + key.byteSize() + " octets instead of 32");
    }
    if (textLength < 0 || textLength > 65_535) {
      throw new IllegalArgumentException("text of " + textLength + " octets, not 0 to 65535");
    }
    Objects.checkFromIndexSize(offset, space, packet.byteSize());
  }
}
