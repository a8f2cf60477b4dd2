// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.util.concurrent.atomic.AtomicLongArray;

/** What a device did about handshakes: written by the control thread, read by any. */
final class Tally {
  static final int INITIATIONS_IN = 0;
  static final int INITIATIONS_OUT = 1;
  static final int RESPONSES_IN = 2;
  static final int RESPONSES_OUT = 3;
  static final int COOKIES_IN = 4;
  static final int COOKIES_OUT = 5;
  static final int COMPLETED = 6;
  static final int TIMED_OUT = 7;

  static final int REFUSED = 8;

  private final AtomicLongArray counts = new AtomicLongArray(REFUSED + 1);

  void count(int what) {
    counts.setOpaque(what, counts.getPlain(what) + 1);
  }

  /** Counts on from what an earlier device did. Control thread. */
  void resume(HandshakeCounters before) {
    long[] counted = {
      before.initiationsIn(),
      before.initiationsOut(),
      before.responsesIn(),
      before.responsesOut(),
      before.cookiesIn(),
      before.cookiesOut(),
      before.completed(),
      before.timedOut(),
      before.refused()
    };
    for (int what = 0; what < counted.length; what++) {
      counts.setOpaque(what, counts.getPlain(what) + counted[what]);
    }
  }

  HandshakeCounters handshakes() {
    return new HandshakeCounters(
        counts.getOpaque(INITIATIONS_IN),
        counts.getOpaque(INITIATIONS_OUT),
        counts.getOpaque(RESPONSES_IN),
        counts.getOpaque(RESPONSES_OUT),
        counts.getOpaque(COOKIES_IN),
        counts.getOpaque(COOKIES_OUT),
        counts.getOpaque(COMPLETED),
        counts.getOpaque(TIMED_OUT),
        counts.getOpaque(REFUSED));
  }
}
