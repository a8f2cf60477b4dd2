// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The timestamp of an initiation (paper, 5.4.2): TAI64N, 12 octets big endian, ten leap seconds
 * ahead of POSIX time. Nanoseconds are cut to multiples of 2^24, so that the clock cannot be
 * fingerprinted.
 *
 * <p>A moment is one {@code long} that orders as time does: seconds in the upper 34 bits,
 * nanoseconds in the lower 30.
 */
final class Tai64n {
  /** Octets of a label. */
  static final int LENGTH = 12;

  private static final int STEP = 1 << 24;
  private static final int NANO_BITS = 30;
  private static final long EPOCH = 0x4000_0000_0000_000aL;

  private Tai64n() {}

  /** The moment of the wall clock, cut; or, if that is not later, the next one after the last. */
  static long after(long last, Instant wallClock) {
    long moment =
        Math.max(0, wallClock.getEpochSecond()) << NANO_BITS | wallClock.getNano() & -STEP;
    if (moment > last) {
      return moment;
    }
    long seconds = last >>> NANO_BITS;
    long nanos = (last & (1 << NANO_BITS) - 1) + STEP & -STEP;
    return nanos < 1_000_000_000 ? seconds << NANO_BITS | nanos : seconds + 1 << NANO_BITS;
  }

  static long later(long moment, int seconds) {
    return moment + ((long) seconds << NANO_BITS);
  }

  static byte[] label(long moment) {
    return ByteBuffer.allocate(LENGTH)
        .putLong(EPOCH + (moment >>> NANO_BITS))
        .putInt((int) (moment & (1 << NANO_BITS) - 1))
        .array();
  }
}
