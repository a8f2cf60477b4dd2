// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Sliding window over the counters of received packets (paper, 5.4.6; after the bitmap ring of RFC
 * 6479). Any number of threads may ask at a time, without a lock: each counter is accepted at most
 * once. Counters are unsigned.
 *
 * <p>Each word of the ring holds 48 counters and, in its upper 16 bits, the round in which they
 * were seen. So nothing is cleared when the window moves: a word of an earlier round is empty, and
 * whoever comes first in a new round replaces it as a whole.
 */
final class ReplayWindow {
  /** How far behind the greatest counter one may be and still be told from a replay. */
  static final int USABLE = 8128;

  private static final int BITS = 48;

  /** One word more than the usable width needs, so that it never lies on a word twice. */
  private static final int WORDS = 171;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle NEXT;

  static {
    try {
      NEXT = MethodHandles.lookup().findVarHandle(ReplayWindow.class, "next", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long[] words = new long[WORDS];

  /** One more than the greatest counter seen; 0 before the first. */
  private long next;

  /**
   * Marks an authenticated packet's counter.
   *
   * @param counter below {@link Limits#REJECT_AFTER_MESSAGES}
   * @return whether it is new; false for a replay and for one too old to tell
   */
  boolean accept(long counter) {
    raise(counter);
    long block = (counter >>> 4) / (BITS / 16);
    long bit = 1L << counter - block * BITS;
    int slot = (int) (block % WORDS);
    long round = block / WORDS << BITS;
    while (true) {
      long word = (long) WORD.getVolatile(words, slot);
      // Read after the word: who wrote that had raised it before. So if this counter is within the
      // window, the word is not of a later round.
      if (Long.compareUnsigned((long) NEXT.getVolatile(this) - 1 - counter, USABLE) > 0) {
        return false;
      }
      long marked = round | bit;
      if ((word ^ round) >>> BITS == 0) {
        if ((word & bit) != 0) {
          return false;
        }
        marked = word | bit;
      }
      if (WORD.compareAndSet(words, slot, word, marked)) {
        return true;
      }
    }
  }

  private void raise(long counter) {
    long greatest = next;
    while (Long.compareUnsigned(counter, greatest) >= 0) {
      long seen = (long) NEXT.compareAndExchange(this, greatest, counter + 1);
      if (seen == greatest) {
        return;
      }
      greatest = seen;
    }
  }
}
