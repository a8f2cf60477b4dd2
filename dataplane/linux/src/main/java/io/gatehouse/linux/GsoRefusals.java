// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

/**
 * Where the kernel would not take a run of datagrams as one UDP_SEGMENT message: the way to that
 * address leads over an interface that cannot (EIO), or its MTU is less than the datagrams (EINVAL,
 * EMSGSIZE). Runs to there go datagram by datagram for a minute; then it is tried anew, as routes
 * and interfaces change. Other destinations keep their speed.
 *
 * <p>When more than {@value #MAX} addresses refuse at a time, the way out of this machine is at
 * fault and not theirs: then everything goes datagram by datagram for the minute.
 *
 * <p>For one thread. Allocates nothing after its making.
 */
final class GsoRefusals {
  static final long PAUSE_NANOS = 60_000_000_000L;
  static final int MAX = 64;

  private final long[] addressHigh = new long[MAX];
  private final long[] addressLow = new long[MAX];
  private final int[] segmentLengths = new int[MAX];
  private final long[] ends = new long[MAX];
  private int count;
  private boolean everywhere;
  private long everywhereEnd;

  /** Whether any is known; the others need not be asked then. */
  boolean isEmpty() {
    return count == 0 && !everywhere;
  }

  /** Whether a run of datagrams of this many octets to there would be refused again. */
  boolean cover(long high, long low, int segmentLength) {
    if (everywhere) {
      return true;
    }
    int i = find(high, low);
    return i >= 0 && segmentLength >= segmentLengths[i];
  }

  /**
   * Notes a refusal.
   *
   * @param segmentLength octets of the datagrams; shorter ones are still tried
   * @param now by {@link System#nanoTime}
   */
  void add(long high, long low, int segmentLength, long now) {
    int i = find(high, low);
    if (i >= 0) {
      segmentLengths[i] = Math.min(segmentLengths[i], segmentLength);
    } else if (count < MAX) {
      addressHigh[count] = high;
      addressLow[count] = low;
      segmentLengths[count] = segmentLength;
      ends[count] = now + PAUSE_NANOS;
      count++;
    } else {
      everywhere = true;
      everywhereEnd = now + PAUSE_NANOS;
    }
  }

  /** Forgets what is over. */
  void expire(long now) {
    everywhere &= everywhereEnd - now > 0;
    for (int i = count - 1; i >= 0; i--) {
      if (ends[i] - now <= 0) {
        count--;
        addressHigh[i] = addressHigh[count];
        addressLow[i] = addressLow[count];
        segmentLengths[i] = segmentLengths[count];
        ends[i] = ends[count];
      }
    }
  }

  private int find(long high, long low) {
    for (int i = 0; i < count; i++) {
      if (addressLow[i] == low && addressHigh[i] == high) {
        return i;
      }
    }
    return -1;
  }
}
