// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import io.gatehouse.server.gateway.RateFile.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A month of rates as there might be, so that charts can be looked at. */
public final class MadeUpRates {
  private static final long DAY = 86_400;

  private MadeUpRates() {}

  /**
   * Writes them where the console keeps its things.
   *
   * @param now Unix seconds, until when
   */
  public static void write(Path directory, String name, long now) throws IOException {
    Files.createDirectories(directory);
    try (RateFile file = new RateFile(directory.resolve("rates"), RateArchive.SERIES)) {
      for (long t = now - 29 * DAY; t < now - 4000; t += 300) {
        // A night without the console, four days ago.
        if (now - t < 4 * DAY || now - t > 4 * DAY + 40_000) {
          file.add(name, t, flow(t, 300, now - t > 12_000 && now - t < 12_300 ? 1 : 0), 0);
        }
      }
      for (long t = now - 3900; t < now; t += 10) {
        if (now - t < 1200 || now - t > 1320) {
          file.add(name, t, flow(t, 10, 0), 0);
        }
      }
    }
  }

  private static Slot flow(long t, int seconds, int resets) {
    double hour = (t % DAY) / 3600.0;
    double day = Math.exp(-Math.pow((hour - 14) / 4.5, 2)) * (t / DAY % 7 < 5 ? 1 : 0.25);
    double wave = 0.6 + 0.4 * Math.sin(t / 411.0) * Math.sin(t / 97.0) + 0.1 * Math.sin(t / 13.0);
    long rx = (long) (seconds * (40_000 + 2_400_000 * day * wave));
    long tx = (long) (seconds * (90_000 + 5_900_000 * day * (1.3 - wave / 2)));
    return new Slot(0, seconds * 1000, rx, tx, resets);
  }
}
