// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows guessing down. The first tries of a key are free; after them each needs a longer pause than
 * the one before, up to a minute. Thread-safe, bounded, forgets a key after an hour of rest.
 */
public final class Throttle {
  static final int FREE_TRIES = 5;
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration MEMORY = Duration.ofHours(1);
  private static final int KEYS = 10_000;

  private record Tries(int count, long lastMillis) {}

  private final InstantSource clock;
  private final Map<String, Tries> tries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
          return size() > KEYS;
        }
      };

  /** Makes one that knows no key. */
  public Throttle(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Asks for one try, and counts it as failed until {@link #succeeded} says otherwise, so that many
   * at the same moment gain nothing.
   *
   * @return zero when the try may be made now, else how long to wait before asking again
   */
  public synchronized Duration admit(String key) {
    long now = clock.millis();
    Tries past = tries.getOrDefault(key, new Tries(0, now));
    if (now - past.lastMillis() > MEMORY.toMillis()) {
      past = new Tries(0, now);
    }
    long pause = pauseAfter(past.count()).toMillis() - (now - past.lastMillis());
    if (pause > 0) {
      return Duration.ofMillis(pause);
    }
    tries.put(key, new Tries(past.count() + 1, now));
    return Duration.ZERO;
  }

  /** Forgets a key, since its owner has shown to be who they say. */
  public synchronized void succeeded(String key) {
    tries.remove(key);
  }

  private static Duration pauseAfter(int count) {
    if (count < FREE_TRIES) {
      return Duration.ZERO;
    }
    Duration pause = Duration.ofSeconds(1L << Math.min(count - FREE_TRIES + 1, 10));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
