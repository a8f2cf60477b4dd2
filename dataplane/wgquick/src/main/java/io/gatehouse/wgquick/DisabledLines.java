// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the lines of disabled peers: comments for wg(8), a section behind a mark for those who know
 * it.
 *
 * <p>PiVPN and we write {@code #[disabled] } before each line of the section, WGmeta {@code #-}.
 * Lines that follow each other and have such a mark are a disabled peer from one that is {@code
 * [Peer]} behind its mark on, if what comes next in the file without a mark is a header or the end.
 * Otherwise they are comments like any other, such as a single setting that somebody switched off,
 * or lines in the middle of a section that goes on behind them.
 */
final class DisabledLines {
  /** What we write in front of each line. */
  static final String MARK = "#[disabled] ";

  private static final Pattern MARKS =
      Pattern.compile("[ \\t]*#(?:\\[disabled\\] ?|-(?!-))", Pattern.CASE_INSENSITIVE);

  private DisabledLines() {}

  /** Whether a line has a mark, alone or among others. */
  static boolean isMarked(String text) {
    int first = 0;
    while (first < text.length() && (text.charAt(first) == ' ' || text.charAt(first) == '\t')) {
      first++;
    }
    // Most lines are no comments at all.
    return text.startsWith("#", first) && MARKS.matcher(text).lookingAt();
  }

  /** The lines of a file, those of disabled peers with their mark taken apart; in linear time. */
  static List<Line> find(List<Line> lines) {
    List<Line> found = new ArrayList<>(lines);
    boolean atHeader = true;
    // From the end, so that what comes next is known.
    for (int end = lines.size(); end > 0; ) {
      int start = end;
      while (start > 0 && isMarked(lines.get(start - 1).text())) {
        start--;
      }
      if (start == end) {
        Line line = lines.get(--end);
        atHeader = line.content().isEmpty() ? atHeader : line.isHeader();
      } else {
        if (atHeader) {
          takeApart(found, start, end);
        }
        end = start;
      }
    }
    return found;
  }

  private static void takeApart(List<Line> lines, int start, int end) {
    List<Line> whole = List.copyOf(lines.subList(start, end));
    List<Integer> headers = new ArrayList<>();
    for (int i = start; i < end; i++) {
      Line line = lines.get(i);
      Matcher mark = MARKS.matcher(line.text());
      boolean _ = mark.lookingAt();
      lines.set(
          i, new Line(line.number(), mark.group(), line.text().substring(mark.end()), line.end()));
      if (lines.get(i).isHeader()) {
        headers.add(i);
      }
    }
    // What stands above the first header and is not its own, or belongs to no peer, stays a
    // comment.
    boolean peer = false;
    int from = start;
    for (int h = 0; h <= headers.size(); h++) {
      int to = h < headers.size() ? first(lines, headers.get(h), from) : end;
      for (int i = from; i < to && !peer; i++) {
        lines.set(i, whole.get(i - start));
      }
      peer = h < headers.size() && lines.get(headers.get(h)).header().equals("[peer]");
      from = to;
    }
  }

  /** Where a section begins, with the blank lines above it that are switched off like it. */
  private static int first(List<Line> lines, int header, int free) {
    int first = Block.firstAbove(lines, header, free);
    while (first > free && lines.get(first - 1).isBlank()) {
      first--;
    }
    return first;
  }
}
