// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.chart;

import io.gatehouse.server.gateway.RateArchive.Step;
import io.gatehouse.server.gateway.Span;
import io.gatehouse.webapp.Texts;
import io.gatehouse.webapp.live.Values;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Rates over a span, ready to be drawn in a box of {@link #WIDTH} by {@link #HEIGHT}: lines with
 * gaps where nothing was seen, and the same as a table.
 */
public final class Chart {
  static final int WIDTH = 1000;
  static final int HEIGHT = 200;

  private static final int ROWS = 12;
  private static final int TICKS = 6;

  /** A time without knowledge, or a moment at which counters began anew; both as x. */
  public record Band(String x, String width) {}

  /** A word below the chart, at a part of its width. */
  public record Tick(int percent, String text) {}

  /**
   * A row of the table.
   *
   * @param time when it begins
   * @param known whether anything of it was seen
   */
  public record Row(
      String time, boolean known, String rx, String tx, String rxPeak, String txPeak) {}

  private final List<Step> steps;
  private final Span span;
  private final Texts texts;
  private final Values values;
  private final ZoneId zone;
  private final long top;

  Chart(List<Step> steps, Span span, Texts texts, ZoneId zone) {
    this.steps = steps;
    this.span = span;
    this.texts = texts;
    this.values = new Values(texts);
    this.zone = zone;
    this.top = nice(peak(Step::rx, Step::tx));
  }

  @SafeVarargs
  private long peak(ToLongFunction<Step>... flows) {
    long peak = 0;
    for (ToLongFunction<Step> flow : flows) {
      peak = Math.max(peak, steps.stream().mapToLong(flow).max().orElse(0));
    }
    return peak;
  }

  /** The next 1, 2 or 5 times a power of ten of bits, in octets. */
  static long nice(long octets) {
    double bits = Math.max(1000, octets * 8.0);
    double power = Math.pow(10, Math.floor(Math.log10(bits)));
    for (double factor : new double[] {1, 2, 5, 10}) {
      if (bits <= factor * power) {
        return Math.round(factor * power / 8);
      }
    }
    return octets;
  }

  /** Whether anything is kept. */
  public boolean isKept() {
    return !steps.isEmpty();
  }

  /** What was received, as the path of an SVG. */
  public String getRx() {
    return path(Step::rx);
  }

  /** What was sent, as the path of an SVG. */
  public String getTx() {
    return path(Step::tx);
  }

  private String path(ToLongFunction<Step> flow) {
    StringBuilder path = new StringBuilder();
    boolean down = false;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (!step.known()) {
        down = false;
        continue;
      }
      double y = HEIGHT - (double) flow.applyAsLong(step) * (HEIGHT - 4) / top;
      path.append(down ? 'L' : 'M').append(point(middle(i), y));
      if (!down && (i + 1 == steps.size() || !steps.get(i + 1).known())) {
        // A single one is a short line, or it would not be seen.
        path.append('L').append(point(middle(i) + 1.5, y));
      }
      down = true;
    }
    return path.toString();
  }

  private double middle(int i) {
    return (i + 0.5) * WIDTH / steps.size();
  }

  private static String point(double x, double y) {
    return String.format(Locale.ROOT, "%.1f %.1f", x, y);
  }

  /** Where nothing was seen. */
  public List<Band> getGaps() {
    List<Band> gaps = new ArrayList<>();
    int from = -1;
    for (int i = 0; i <= steps.size(); i++) {
      boolean gap = i < steps.size() && !steps.get(i).known();
      if (gap && from < 0) {
        from = i;
      } else if (!gap && from >= 0) {
        gaps.add(band(from, i - from));
        from = -1;
      }
    }
    return gaps;
  }

  /** Where counters began anew. */
  public List<Band> getResets() {
    List<Band> resets = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).resets() > 0) {
        resets.add(new Band(String.format(Locale.ROOT, "%.1f", middle(i)), "0"));
      }
    }
    return resets;
  }

  private Band band(int from, int count) {
    double step = (double) WIDTH / steps.size();
    return new Band(
        String.format(Locale.ROOT, "%.1f", from * step),
        String.format(Locale.ROOT, "%.1f", count * step));
  }

  /** The rate at the upper edge. */
  public String getTop() {
    return values.rate(top);
  }

  /** Half of that. */
  public String getHalf() {
    return values.rate(top / 2);
  }

  /** Times below it. */
  public List<Tick> getTicks() {
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i < TICKS && !steps.isEmpty(); i++) {
      int at = i * (steps.size() - 1) / (TICKS - 1);
      ticks.add(new Tick(100 * i / (TICKS - 1), time(steps.get(at).begins())));
    }
    return ticks;
  }

  /** The chart in a sentence. */
  public String getSummary() {
    List<Step> known = steps.stream().filter(Step::known).toList();
    if (known.isEmpty()) {
      return texts.of("chart.nothing");
    }
    return texts.of(
        "chart.summary",
        values.rate(mean(known, Step::rx)),
        values.rate(peak(Step::rx)),
        values.rate(mean(known, Step::tx)),
        values.rate(peak(Step::tx)),
        100 * known.size() / steps.size());
  }

  private static long mean(List<Step> known, ToLongFunction<Step> flow) {
    return Math.round(known.stream().mapToLong(flow).average().orElse(0));
  }

  /** The same in a dozen rows. */
  public List<Row> getRows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS && !steps.isEmpty(); i++) {
      List<Step> part = steps.subList(i * steps.size() / ROWS, (i + 1) * steps.size() / ROWS);
      List<Step> known = part.stream().filter(Step::known).toList();
      rows.add(
          new Row(
              time(part.getFirst().begins()),
              !known.isEmpty(),
              values.rate(mean(known, Step::rx)),
              values.rate(mean(known, Step::tx)),
              values.rate(known.stream().mapToLong(Step::rx).max().orElse(0)),
              values.rate(known.stream().mapToLong(Step::tx).max().orElse(0))));
    }
    return rows;
  }

  private String time(long seconds) {
    ZonedDateTime time = Instant.ofEpochSecond(seconds).atZone(zone);
    return (span == Span.MONTH
            ? DateTimeFormatter.ofPattern("d MMM")
            : DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT))
        .withLocale(texts.locale())
        .format(time);
  }
}
