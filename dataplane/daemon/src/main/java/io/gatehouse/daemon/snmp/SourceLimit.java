// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many messages of one source address are looked at: {@value #PER_SECOND} a second, and as many
 * at once. No station asks so much; a flood does, and what is above that is not even decoded.
 *
 * <p>Remembers the {@value #SOURCES} sources heard last. For one thread.
 */
final class SourceLimit {
  static final int PER_SECOND = 10_000;
  static final int SOURCES = 1_024;

  private static final long NANOS = 1_000_000_000L / PER_SECOND;

  private static final class Bucket {
    long tokens = PER_SECOND;
    long refilled;

    Bucket(long now) {
      refilled = now;
    }
  }

  private final LongSupplier nanoTime;

  private final Map<InetAddress, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Bucket> eldest) {
          return size() > SOURCES;
        }
      };

  SourceLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Whether a message from there is to be looked at. */
  boolean admits(InetAddress source) {
    long now = nanoTime.getAsLong();
    Bucket bucket = buckets.computeIfAbsent(source, address -> new Bucket(now));
    long earned = (now - bucket.refilled) / NANOS;
    if (earned > 0) {
      bucket.tokens = Math.min(PER_SECOND, bucket.tokens + earned);
      bucket.refilled += earned * NANOS;
    }
    if (bucket.tokens == 0) {
      return false;
    }
    bucket.tokens--;
    return true;
  }
}
