// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import java.util.List;
import java.util.Locale;

/** A small line through recent values, as the points of an SVG polyline 100 wide and 30 high. */
final class Curve {
  private static final double WIDTH = 100;
  private static final double HEIGHT = 30;

  private Curve() {}

  /**
   * The line, its newest value at the right.
   *
   * @param values oldest first; at most {@link io.gatehouse.server.gateway.Rates#KEPT}
   * @param peak the value at the top
   */
  static Cell of(List<Long> values, long peak) {
    StringBuilder points = new StringBuilder();
    double step = WIDTH / (io.gatehouse.server.gateway.Rates.KEPT - 1);
    for (int i = 0; i < values.size(); i++) {
      double x = WIDTH - (values.size() - 1 - i) * step;
      double y = peak == 0 ? HEIGHT : HEIGHT - values.get(i) * (HEIGHT - 1) / peak;
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
    }
    return new Cell(points.toString().strip(), "points", 0);
  }
}
