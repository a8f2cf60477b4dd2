// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.control.DropStatus;
import io.gatehouse.control.OffloadStatus;
import io.gatehouse.webapp.Texts;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** How values are written, in one language. */
public final class Values {
  private static final List<String> BYTES = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
  private static final List<String> BITS = List.of("bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s");

  private final Texts texts;

  /** Writes in a language. */
  public Values(Texts texts) {
    this.texts = texts;
  }

  /** As wg(8) writes it: two decimals, powers of 1024. */
  public String bytes(long bytes) {
    if (Long.compareUnsigned(bytes, 1024) < 0) {
      return bytes + " B";
    }
    return scaled((bytes >>> 1) * 2.0, 1024, "%.2f", BYTES);
  }

  /** As network people say it: bits in a second, powers of 1000. */
  public String rate(long octetsPerSecond) {
    double bits = octetsPerSecond * 8.0;
    return bits < 1000 ? Math.round(bits) + " bit/s" : scaled(bits, 1000, "%.1f", BITS);
  }

  private String scaled(double value, int step, String form, List<String> units) {
    int unit = 0;
    double rest = value;
    while (rest >= step && unit < units.size() - 1) {
      rest /= step;
      unit++;
    }
    return String.format(texts.locale(), form, rest) + " " + units.get(unit);
  }

  /** A whole number, grouped as the language does. */
  public String number(long number) {
    return String.format(texts.locale(), "%,d", number);
  }

  /** The two largest units of an age; live.js counts on in the same form. */
  public String age(long seconds) {
    String s = texts.of("unit.s");
    String min = texts.of("unit.min");
    String h = texts.of("unit.h");
    if (seconds < 60) {
      return seconds + " " + s;
    }
    if (seconds < 3600) {
      return age(seconds / 60, min, seconds % 60, s);
    }
    if (seconds < 86_400) {
      return age(seconds / 3600, h, seconds / 60 % 60, min);
    }
    return age(seconds / 86_400, texts.of("unit.d"), seconds / 3600 % 24, h);
  }

  private static String age(long large, String unit, long rest, String lesser) {
    return large + " " + unit + (rest == 0 ? "" : " " + rest + " " + lesser);
  }

  /** Why packets were dropped, the most frequent first. */
  public String drops(List<DropStatus> drops) {
    if (drops.isEmpty()) {
      return texts.of("none");
    }
    return drops.stream()
        .sorted(Comparator.comparingLong(DropStatus::count).reversed())
        .map(drop -> drop.count() + " " + texts.orElse("drop." + drop.reason(), drop.words()))
        .collect(Collectors.joining(", "));
  }

  /** What the kernel does not do for a tunnel; empty, as it is nearly always, when it does all. */
  public String offloads(List<OffloadStatus> offloads) {
    String notable =
        offloads.stream()
            .filter(OffloadStatus::isNotable)
            .map(this::offload)
            .collect(Collectors.joining("; "));
    return notable.isEmpty() ? "" : texts.of("offloads", notable);
  }

  /** How one offload fares. */
  public String offload(OffloadStatus offload) {
    return texts.of(
        "offload." + offload.use(),
        texts.orElse("offload." + offload.name(), offload.name()),
        offload.setting(),
        offload.fallbacks(),
        offload.error());
  }
}
