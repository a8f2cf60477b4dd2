// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * The engine that serves now, whichever that is: looks before each packet whether the choice has
 * been settled otherwise, which costs one read.
 */
final class ReplaceableAead implements Aead {
  private final Supplier<Supplier<Aead>> choice;
  private Supplier<Aead> source;
  private Aead engine;

  /** Takes a word for whose engines serve now; it is asked before each packet. */
  ReplaceableAead(Supplier<Supplier<Aead>> choice) {
    this.choice = choice;
    source = choice.get();
    engine = source.get();
  }

  /** A source is a source of its own however alike two are. */
  @SuppressWarnings("ReferenceEquality")
  private Aead engine() {
    Supplier<Aead> now = choice.get();
    if (now != source) {
      engine = now.get();
      source = now;
    }
    return engine;
  }

  @Override
  public String name() {
    return engine().name();
  }

  @Override
  public void seal(MemorySegment key, long counter, MemorySegment packet, long offset, int length) {
    engine().seal(key, counter, packet, offset, length);
  }

  @Override
  public void seal(
      MemorySegment key,
      long counter,
      MemorySegment packet,
      long offset,
      int length,
      TextPart part) {
    engine().seal(key, counter, packet, offset, length, part);
  }

  @Override
  public boolean open(
      MemorySegment key, long counter, MemorySegment packet, long offset, int length) {
    return engine().open(key, counter, packet, offset, length);
  }
}
