// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How much a peer may send and receive in a period: both directions together, counted as WireGuard
 * counts transfer.
 *
 * @param octets 1 or more
 * @param period after which it starts anew
 */
public record Quota(long octets, Period period) {
  /** When a quota starts anew. */
  public enum Period {
    /** At midnight. */
    DAY,
    /** On Monday at midnight (ISO 8601). */
    WEEK,
    /** On the first at midnight. */
    MONTH,
    /** Never. */
    TOTAL;

    /**
     * When the period began that a moment lies in; {@link Instant#EPOCH} for the one that never
     * starts anew.
     *
     * @param zone whose midnights count
     */
    public Instant startOf(Instant moment, ZoneId zone) {
      return first(moment, zone)
          .map(day -> day.atStartOfDay(zone).toInstant())
          .orElse(Instant.EPOCH);
    }

    /** When the next one begins; {@link Instant#MAX} if never. */
    public Instant endOf(Instant moment, ZoneId zone) {
      return first(moment, zone)
          .map(
              day ->
                  switch (this) {
                    case DAY -> day.plusDays(1);
                    case WEEK -> day.plusWeeks(1);
                    default -> day.plusMonths(1);
                  })
          .map(day -> day.atStartOfDay(zone).toInstant())
          .orElse(Instant.MAX);
    }

    private Optional<LocalDate> first(Instant moment, ZoneId zone) {
      if (this == TOTAL) {
        return Optional.empty();
      }
      LocalDate day = ZonedDateTime.ofInstant(moment, zone).toLocalDate();
      return Optional.of(
          switch (this) {
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
            default -> day;
          });
    }
  }

  /** Octets of each unit: powers of 1000, and those of 1024 (IEC 80000-13). */
  private static final Map<String, Long> UNITS = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private static final String[] BINARY = {"PiB", "TiB", "GiB", "MiB", "KiB"};
  private static final String[] DECIMAL = {"PB", "TB", "GB", "MB", "kB"};

  static {
    UNITS.put("B", 1L);
    for (int i = 0; i < BINARY.length; i++) {
      UNITS.put(BINARY[i], 1L << 10 * (BINARY.length - i));
      UNITS.put(DECIMAL[i], BigDecimal.TEN.pow(3 * (DECIMAL.length - i)).longValueExact());
    }
  }

  /** Checks the number. */
  public Quota {
    if (octets < 1) {
      throw new IllegalArgumentException("a quota is one octet or more");
    }
  }

  /**
   * Reads {@code 50 GiB/month}: a number, which may have a fraction, a unit (B, kB, KiB and so on
   * to PiB) and a period.
   *
   * @throws IllegalArgumentException with a message fit for a finding
   */
  public static Quota parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("the quota has no period");
    }
    String amount = text.substring(0, slash).strip();
    int unit = 0;
    while (unit < amount.length() && "0123456789.".indexOf(amount.charAt(unit)) >= 0) {
      unit++;
    }
    Long octets = UNITS.get(amount.substring(unit).strip());
    if (octets == null) {
      throw new IllegalArgumentException("the quota has no unit such as GiB or GB");
    }
    // Enough digits for every quota; more would only cost time.
    if (!amount.substring(0, unit).matches("[0-9]{1,19}(\\.[0-9]{1,19})?")) {
      throw new IllegalArgumentException("the quota has no amount");
    }
    try {
      long all =
          new BigDecimal(amount.substring(0, unit))
              .multiply(BigDecimal.valueOf(octets))
              .longValueExact();
      return new Quota(all, period(text.substring(slash + 1).strip()));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("the quota is no whole number of octets, or too large", e);
    }
  }

  private static Period period(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "day" -> Period.DAY;
      case "week" -> Period.WEEK;
      case "month" -> Period.MONTH;
      case "total" -> Period.TOTAL;
      default ->
          throw new IllegalArgumentException("the period is none of day, week, month and total");
    };
  }

  /** In the largest unit that needs no fraction, such as {@code 50 GiB/month}. */
  @Override
  public String toString() {
    String best = octets + " B";
    for (int i = BINARY.length - 1; i >= 0; i--) {
      for (String unit : new String[] {DECIMAL[i], BINARY[i]}) {
        long size = UNITS.getOrDefault(unit, 1L);
        if (octets % size == 0) {
          best = octets / size + " " + unit;
        }
      }
    }
    return best + "/" + period.name().toLowerCase(Locale.ROOT);
  }
}
