// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * The part of a plaintext that lies elsewhere yet, where it was read: an engine that can takes it
 * from there while it encrypts, and nobody has to bring it together before. Whole blocks only; the
 * ragged ends around them are copied at once.
 *
 * <p>Empty at first. Allocates nothing, so one serves packet after packet. For one thread at a
 * time; what it refers to must stay as it is until the packet is sealed.
 */
public final class TextPart {
  private static final int BLOCK = 64;

  private MemorySegment from = MemorySegment.NULL;
  private long fromOffset;
  private int start;
  private int end;

  /** A part of no octets. */
  public TextPart() {}

  /**
   * Refers to octets that make a text complete, and copies those of them that are no whole blocks
   * of it.
   *
   * @param from native segment with the octets
   * @param fromOffset where they begin there
   * @param to where the text is written to, another segment
   * @param toOffset where the text begins there
   * @param start how many octets of text are there already, 0 to {@code end}
   * @param end octets of the text up to which it is made complete
   */
  public void take(
      MemorySegment from, long fromOffset, MemorySegment to, long toOffset, int start, int end) {
    if (!from.isNative()) {
      throw new IllegalArgumentException("the octets must lie in native memory");
    }
    Objects.checkFromToIndex(start, end, end);
    Objects.checkFromIndexSize(fromOffset, end - start, from.byteSize());
    int first = Math.min(end, start + BLOCK - 1 & -BLOCK);
    int last = Math.max(first, end & -BLOCK);
    MemorySegment.copy(from, fromOffset, to, toOffset + start, first - start);
    MemorySegment.copy(from, fromOffset + last - start, to, toOffset + last, end - last);
    this.from = from;
    this.fromOffset = fromOffset + first - start;
    this.start = first;
    this.end = last;
  }

  /**
   * Copies what is elsewhere, so that the text stands in one place.
   *
   * @param to as for {@link #take}
   */
  public void copyTo(MemorySegment to, long toOffset) {
    MemorySegment.copy(
        from,
        ValueLayout.JAVA_BYTE,
        fromOffset,
        to,
        ValueLayout.JAVA_BYTE,
        toOffset + start,
        end - start);
  }

  /**
   * Throws unless it is a part of a text of so many octets.
   *
   * @throws IndexOutOfBoundsException if the text is shorter
   */
  public void checkWithin(int length) {
    Objects.checkFromToIndex(start, end, length);
  }

  /** Where in the text it begins, octets; a multiple of 64, unless it is empty. */
  public int start() {
    return start;
  }

  /** Where in the text it ends. */
  public int end() {
    return end;
  }

  /** Where it lies; this object keeps that memory alive. */
  public long address() {
    return from.address() + fromOffset;
  }
}
