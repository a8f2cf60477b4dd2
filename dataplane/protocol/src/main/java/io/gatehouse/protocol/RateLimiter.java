// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.util.HashMap;
import java.util.Map;

/**
 * How many handshakes one source may cost us while under load: 20 a second, bursts of 5. A source
 * is an IPv4 address or an IPv6 /64, since one host owns all of that. The table is bounded; sources
 * that were quiet for a second leave it.
 */
final class RateLimiter {
  private static final long SECOND = 1_000_000_000L;
  private static final long COST = SECOND / 20;
  private static final long BURST = 5 * COST;
  private static final int MAX_SOURCES = 65_536;

  private final Map<Source, Bucket> buckets = new HashMap<>();
  private long swept;

  RateLimiter(long now) {
    this.swept = now;
  }

  private record Source(long high, long low) {}

  private static final class Bucket {
    private long tokens;
    private long last;
  }

  boolean allow(Endpoint from, long now) {
    if (now - swept >= SECOND) {
      swept = now;
      buckets.values().removeIf(bucket -> now - bucket.last >= SECOND);
    }
    Source source = new Source(from.addressHigh(), from.isIpv4() ? from.addressLow() : 0);
    Bucket bucket = buckets.get(source);
    if (bucket == null) {
      if (buckets.size() >= MAX_SOURCES) {
        return false;
      }
      bucket = new Bucket();
      bucket.tokens = BURST - COST;
      bucket.last = now;
      buckets.put(source, bucket);
      return true;
    }
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.last));
    bucket.last = now;
    if (bucket.tokens < COST) {
      return false;
    }
    bucket.tokens -= COST;
    return true;
  }
}
