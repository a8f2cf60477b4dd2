// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

/**
 * Sliding window over the counters of received packets (paper, 5.4.6; RFC 6479). A bitmap of 8,192
 * bits as a ring of words: the window moves by whole words, so 8,128 counters behind the greatest
 * are remembered. Belongs to the receive thread. Counters are unsigned.
 */
final class ReplayWindow {
  private static final int BITS = 8192;
  private static final int WORDS = BITS / Long.SIZE;

  /** How far behind the greatest counter one may be and still be told from a replay. */
  static final int USABLE = BITS - Long.SIZE;

  private final long[] seen = new long[WORDS];

  /** One more than the greatest counter accepted; 0 before the first. */
  private long next;

  /**
   * Marks an authenticated packet's counter.
   *
   * @param counter below {@link Limits#REJECT_AFTER_MESSAGES}
   * @return whether it is new; false for a replay and for one too old to tell
   */
  boolean accept(long counter) {
    if (Long.compareUnsigned(counter, next) >= 0) {
      // The words between the old and the new greatest hold bits of a former round.
      if (next != 0) {
        long last = next - 1 >>> 6;
        long fresh = Math.min((counter >>> 6) - last, WORDS);
        for (long i = 1; i <= fresh; i++) {
          seen[(int) (last + i) & (WORDS - 1)] = 0;
        }
      }
      next = counter + 1;
    } else if (Long.compareUnsigned(next - 1 - counter, USABLE) > 0) {
      return false;
    }
    int word = (int) (counter >>> 6) & (WORDS - 1);
    long bit = 1L << counter;
    if ((seen[word] & bit) != 0) {
      return false;
    }
    seen[word] |= bit;
    return true;
  }
}
