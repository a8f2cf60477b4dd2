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

  private VectorWidth() {}

  /**
   * The shape of the vectors: no wider than 256 bits unless forced. Three passes of the cipher of 8
   * blocks are one full packet, two of 16 are a third too many, and where 512 bits are two halves
   * or lower the clock they win nothing.
   */
  public static VectorShape shape() {
    int preferred = LongVector.SPECIES_PREFERRED.vectorBitSize();
    int bits = Integer.getInteger(BITS_PROPERTY, Math.clamp(preferred, 128, 256));
    return VectorShape.forBitSize(bits);
  }
}
