// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;

/**
 * How wide the vectors of this process are. All code that uses vectors must take the same width:
 * the Vector API's own methods are shared by all of them, and once they have met the vectors of two
 * widths the compiler no longer knows whose they are and puts them on the heap.
 */
public final class VectorWidth {
  /** Forces a width of 128, 256 or 512 bits, for tests and measurements. */
  static final String BITS_PROPERTY = "gatehouse.aead.vector.bits";

  private static volatile int most = 256;

  private VectorWidth() {}

  /**
   * Allows 512 bits, where the VM prefers them. To be said before anything computes with vectors,
   * and only where the processor takes them at once: where it takes them in two halves they won
   * nothing when that was measured, before {@link VectorChaCha20} worked ahead.
   */
  public static void takeWidest() {
    most = 512;
  }

  /** The shape of the vectors: 256 bits at most, or 512 where that was allowed, unless forced. */
  public static VectorShape shape() {
    int preferred = LongVector.SPECIES_PREFERRED.vectorBitSize();
    int bits = Integer.getInteger(BITS_PROPERTY, Math.clamp(preferred, 128, most));
    return VectorShape.forBitSize(bits);
  }
}
