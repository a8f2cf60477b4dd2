// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a file that are about to be changed, taken away or added, while all others stay as they
 * are, byte for byte. Indices are those of the lines before.
 */
final class LineEdits {
  private final List<Line> lines;
  private final String end;

  /** What stands in each line now, without its end; null for a line that is taken away. */
  private final @Nullable String[] texts;

  private final List<String> top = new ArrayList<>();
  private final Map<Integer, List<String>> below = new HashMap<>();
  private int added;

  /**
   * Nothing is changed yet.
   *
   * @param end of added lines
   */
  LineEdits(List<Line> lines, String end) {
    this.lines = lines;
    this.end = end;
    this.texts = lines.stream().map(Line::raw).toArray(String[]::new);
  }

  /** What stands in a line now, without the mark of a disabled peer; null if it is taken away. */
  @Nullable String text(int line) {
    String text = texts[line];
    return text == null ? null : text.substring(lines.get(line).off().length());
  }

  /** Changes a line of the file, but not whether it is switched off. */
  void replace(int line, String text) {
    texts[line] = lines.get(line).off() + text;
  }

  /** Changes a line of the file, the mark of a disabled peer included. */
  void replaceWhole(int line, String text) {
    texts[line] = text;
  }

  void remove(int line) {
    texts[line] = null;
  }

  /** Adds a line below one of the file, switched off if that is; after those added there before. */
  void addBelow(int line, String text) {
    below.computeIfAbsent(line, l -> new ArrayList<>()).add(lines.get(line).off() + text);
    added++;
  }

  /** Adds a blank line below one of the file; after those added there before. */
  void part(int line) {
    below.computeIfAbsent(line, l -> new ArrayList<>()).add("");
    added++;
  }

  /** Adds a line at the top; after those added there before. */
  void addTop(String text) {
    top.add(text);
    added++;
  }

  /** How many lines there will be. */
  int count() {
    int count = added;
    for (String text : texts) {
      count += text == null ? 0 : 1;
    }
    return count;
  }

  /** The file, in ISO-8859-1 form. A file whose last line has no end keeps to that. */
  String result() {
    StringBuilder text = new StringBuilder();
    top.forEach(line -> text.append(line).append(end));
    for (int i = 0; i < lines.size(); i++) {
      String kept = texts[i];
      String ownEnd = lines.get(i).end();
      if (kept != null) {
        text.append(kept).append(ownEnd.isEmpty() ? end : ownEnd);
      }
      below.getOrDefault(i, List.of()).forEach(line -> text.append(line).append(end));
    }
    if (!lines.isEmpty() && lines.getLast().end().isEmpty() && !text.isEmpty()) {
      int feed = text.length() - 1;
      text.setLength(feed > 0 && text.charAt(feed - 1) == '\r' ? feed - 1 : feed);
    }
    return text.toString();
  }
}
