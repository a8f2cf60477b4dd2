// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.history;

import java.util.List;

/** A unified diff, line by line. */
public final class Diff {
  private Diff() {}

  /**
   * A line of it.
   *
   * @param kind {@code file}, {@code place}, {@code plus}, {@code minus} or {@code same}
   * @param sign what stands at its edge
   * @param text the rest
   */
  public record Line(String kind, String sign, String text) {}

  /** The lines that say something; what git says for its own sake is left out. */
  public static List<Line> lines(String diff) {
    return diff.lines()
        .filter(line -> !line.startsWith("diff --git ") && !line.startsWith("index "))
        .filter(line -> !line.startsWith("--- "))
        .map(Diff::line)
        .toList();
  }

  private static Line line(String line) {
    if (line.startsWith("+++ ")) {
      return new Line("file", "", line.substring(4).replaceFirst("^b/", ""));
    }
    if (line.startsWith("@@")) {
      return new Line("place", "", line);
    }
    String rest = line.isEmpty() ? "" : line.substring(1);
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+' -> new Line("plus", "+", rest);
      case '-' -> new Line("minus", "\u2212", rest);
      case ' ' -> new Line("same", "", rest);
      default -> new Line("place", "", line);
    };
  }
}
