// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The lines that wg-quick(8) hands on to wg(8). Follows its script and knows nothing of right or
 * wrong, so that the answer is the same for files with errors.
 */
final class Strip {
  private Strip() {}

  static String of(List<Line> lines) {
    StringBuilder kept = new StringBuilder();
    boolean inInterface = false;
    for (Line line : lines) {
      // The shell's read drops NUL and the blanks at both ends, but not a carriage return.
      boolean crlf = line.end().equals("\r\n");
      String text = trim((crlf ? line.raw() + "\r" : line.raw()).replace("\0", ""));
      if (text.isEmpty() && line.end().isEmpty()) {
        break;
      }
      String key = key(text);
      if (key.startsWith("[")) {
        inInterface = key.toLowerCase(Locale.ROOT).equals("[interface]");
      }
      Optional<Key> known = inInterface ? Key.of(key) : Optional.empty();
      if (known.filter(k -> k.reader == Key.Reader.WG_QUICK).isEmpty()) {
        kept.append(text).append('\n');
      }
    }
    return kept.append('\n').toString();
  }

  private static String key(String text) {
    int hash = text.indexOf('#');
    String stripped = hash < 0 ? text : text.substring(0, hash);
    int equals = stripped.indexOf('=');
    return Blanks.trim(equals < 0 ? stripped : stripped.substring(0, equals));
  }

  private static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
      start++;
    }
    while (end > start && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
      end--;
    }
    return text.substring(start, end);
  }
}
