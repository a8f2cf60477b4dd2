// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import static io.gatehouse.protocol.aead.VectorLanes.LE;
import static io.gatehouse.protocol.aead.VectorLanes.MEMORY;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/**
 * The fast engine: ChaCha20 and Poly1305 with the Vector API at this machine's preferred width.
 *
 * <p>Allocates nothing per packet, once compiled. Needs {@code --add-modules jdk.incubator.vector}.
 * Key-dependent scratch is overwritten by the next packets.
 */
public final class VectorAead implements Aead {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LE);

  private final VectorChaCha20 cipher = new VectorChaCha20();
  private final Poly1305 mac = new Poly1305();
  private final VectorPoly1305 longMac = new VectorPoly1305(mac);

  /** Makes an engine for the calling thread. */
  public VectorAead() {}

  @Override
  public String name() {
    return "vector-" + VectorLanes.SHAPE.vectorBitSize();
  }

  @Override
  public void seal(MemorySegment key, long counter, MemorySegment packet, long offset, int length) {
    NativePackets.check(key, packet, offset, length, (long) length + TAG_LENGTH);
    try {
      seal(key.address(), counter, packet.address() + offset, length);
    } finally {
      // The scratch memory of this engine, and both segments, must outlive their raw addresses.
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(key);
      Reference.reachabilityFence(packet);
    }
  }

  @Override
  public void seal(
      MemorySegment key,
      long counter,
      MemorySegment packet,
      long offset,
      int length,
      TextPart part) {
    NativePackets.check(key, packet, offset, length, (long) length + TAG_LENGTH);
    part.checkWithin(length);
    try {
      seal(key.address(), counter, packet.address() + offset, length, part);
    } finally {
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(key);
      Reference.reachabilityFence(packet);
      Reference.reachabilityFence(part);
    }
  }

  private void seal(long keyAddress, long counter, long address, int length) {
    start(keyAddress, counter, length);
    cipher.xor(address, address, length);
    finish(address, length);
  }

  private void seal(long keyAddress, long counter, long address, int length, TextPart part) {
    int start = part.start();
    int end = part.end();
    start(keyAddress, counter, length);
    if (start < end) {
      // Both are multiples of a block, so the key stream goes on where it ended.
      cipher.xor(address, address, start);
      cipher.xor(part.address(), address + start, end - start);
      cipher.xor(address + end, address + end, length - end);
    } else {
      cipher.xor(address, address, length);
    }
    finish(address, length);
  }

  private void finish(long address, int length) {
    authenticate(address, length);
    MEMORY.set(LONG, address + length, mac.tag0());
    MEMORY.set(LONG, address + length + 8, mac.tag1());
  }

  @Override
  public boolean open(
      MemorySegment key, long counter, MemorySegment packet, long offset, int length) {
    int textLength = length - TAG_LENGTH;
    NativePackets.check(key, packet, offset, textLength, length);
    try {
      return open(key.address(), counter, packet.address() + offset, textLength);
    } finally {
      // The scratch memory of this engine, and both segments, must outlive their raw addresses.
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(key);
      Reference.reachabilityFence(packet);
    }
  }

  private boolean open(long keyAddress, long counter, long address, int textLength) {
    start(keyAddress, counter, textLength);
    authenticate(address, textLength);
    long difference =
        (mac.tag0() ^ MEMORY.get(LONG, address + textLength))
            | (mac.tag1() ^ MEMORY.get(LONG, address + textLength + 8));
    if (difference != 0) {
      return false;
    }
    cipher.xor(address, address, textLength);
    return true;
  }

  /** Block 0 of the key stream keys the authenticator. */
  private void start(long keyAddress, long counter, int length) {
    cipher.start(keyAddress, counter, 1 + ((length + 63) >> 6));
    cipher.startMac(mac);
  }

  private void authenticate(long address, int length) {
    if (length >= VectorPoly1305.MIN_LENGTH) {
      longMac.message(address, length);
    } else {
      mac.padded(MEMORY, address, length);
      mac.block(0, length, 1);
    }
    mac.finish();
  }
}
