// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.files;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Browsers send every line with CR LF, whatever it came with. A line that was there before gets its
 * own end back, and a new one that of the file's first line.
 */
final class LineEnds {
  private static final Pattern LINE = Pattern.compile("([^\\n]*?)(\\r?\\n)");

  private LineEnds() {}

  static String restore(String original, String sent) {
    Map<String, Deque<String>> ends = new HashMap<>();
    String usual = "";
    for (Matcher line = LINE.matcher(original); line.find(); ) {
      ends.computeIfAbsent(line.group(1), text -> new ArrayDeque<>()).add(line.group(2));
      usual = usual.isEmpty() ? line.group(2) : usual;
    }
    StringBuilder restored = new StringBuilder();
    int rest = 0;
    for (Matcher line = LINE.matcher(sent); line.find(); rest = line.end()) {
      Deque<String> known = ends.getOrDefault(line.group(1), new ArrayDeque<>());
      String end = known.isEmpty() ? usual.isEmpty() ? "\n" : usual : known.removeFirst();
      restored.append(line.group(1)).append(end);
    }
    return restored.append(sent, rest, sent.length()).toString();
  }
}
