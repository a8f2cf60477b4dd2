// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.pending;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** When a peer is to expire, as people write it. Stateless. */
public final class Expiry {
  private Expiry() {}

  /**
   * As files have it: a time of RFC 3339. A day means its end by this machine's zone, {@code 30d}
   * so many days from now; empty if it is none of these.
   */
  public static Optional<String> parse(String text) {
    return parse(text, InstantSource.system(), ZoneId.systemDefault());
  }

  static Optional<String> parse(String text, InstantSource clock, ZoneId zone) {
    try {
      if (text.matches("[1-9][0-9]{0,3}d")) {
        long days = Long.parseLong(text.substring(0, text.length() - 1));
        return Optional.of(
            clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(days, ChronoUnit.DAYS).toString());
      }
      Instant end =
          text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")
              ? LocalDate.parse(text).plusDays(1).atStartOfDay(zone).toInstant().minusSeconds(1)
              : OffsetDateTime.parse(text).toInstant();
      return Optional.of(end.toString());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
