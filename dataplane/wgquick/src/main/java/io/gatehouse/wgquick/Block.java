// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which lines belong to a section, comments included.
 *
 * <p>A section has the comments that touch its header from above, everything down to its last
 * setting, and the comments that touch that from below. Blank lines part sections, so a comment
 * with blank lines on both sides belongs to none.
 *
 * @param first index of its first own line
 * @param header index of its header
 * @param last index of its last own line
 */
record Block(int first, int header, int last) {
  /** The blocks of a file in order; in linear time. */
  static List<Block> of(List<Line> lines) {
    List<Integer> headers = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isHeader()) {
        headers.add(i);
      }
    }
    List<Block> blocks = new ArrayList<>();
    int free = 0;
    for (int h = 0; h < headers.size(); h++) {
      int header = headers.get(h);
      int first = header;
      while (first > free && isAbove(lines.get(first - 1))) {
        first--;
      }
      int next = h + 1 < headers.size() ? headers.get(h + 1) : lines.size();
      int stop = next;
      while (stop < lines.size() && stop > header + 1 && isAbove(lines.get(stop - 1))) {
        stop--;
      }
      int last = header;
      for (int i = header + 1; i < stop; i++) {
        if (!lines.get(i).content().isEmpty()) {
          last = i;
        }
      }
      while (last + 1 < stop && isBelow(lines.get(last + 1)) && !isEnd(lines.get(last))) {
        last++;
      }
      blocks.add(new Block(first, header, last));
      free = last + 1;
    }
    return blocks;
  }

  /**
   * The lines that go when sections go: their own, and the blank lines that part them from the
   * next. Comments that stand by themselves stay.
   */
  static Set<Integer> lines(List<Block> blocks, List<Line> lines) {
    Set<Integer> gone = new HashSet<>();
    for (Block block : blocks) {
      for (int i = block.first(); i <= block.last(); i++) {
        gone.add(i);
      }
      int next = block.last() + 1;
      while (next < lines.size() && lines.get(next).isBlank()) {
        gone.add(next++);
      }
      for (int i = block.first() - 1; next == lines.size() && i >= 0; i--) {
        if (!lines.get(i).isBlank() && !gone.contains(i)) {
          break;
        }
        gone.add(i);
      }
    }
    return gone;
  }

  /** Whose section it is; empty when it is no peer's, or says no key. */
  Optional<PublicKey> publicKey(List<Line> lines) {
    if (!lines.get(header).header().equals("[peer]")) {
      return Optional.empty();
    }
    Optional<PublicKey> key = Optional.empty();
    for (int line : settings(lines, Key.PUBLIC_KEY)) {
      String content = Blanks.drop(lines.get(line).content());
      try {
        key = Optional.of(PublicKey.parse(content.substring(content.indexOf('=') + 1)));
      } catch (IllegalArgumentException e) {
        key = Optional.empty();
      }
    }
    return key;
  }

  /** The indices of the lines that set a key of wg(8), in order. */
  List<Integer> settings(List<Line> lines, Key key) {
    List<Integer> found = new ArrayList<>();
    for (int i = header + 1; i <= last; i++) {
      String content = lines.get(i).content();
      int equals = content.indexOf('=');
      if (equals > 0 && Blanks.drop(content.substring(0, equals)).equalsIgnoreCase(key.text)) {
        found.add(i);
      }
    }
    return found;
  }

  /** The index of the last line that says something, the header if nothing else does. */
  int lastSetting(List<Line> lines) {
    int line = last;
    while (line > header && lines.get(line).content().isEmpty()) {
      line--;
    }
    return line;
  }

  /** Whether a comment may head the section below it rather than end the one above it. */
  static boolean isAbove(Line line) {
    if (!line.isComment() || isSwitchedOff(line) || isEnd(line)) {
      return false;
    }
    String comment = line.comment().toLowerCase(Locale.ROOT);
    if (comment.startsWith("friendly_") || comment.startsWith("+")) {
      return false;
    }
    // A setting that somebody switched off belongs where it stands.
    int equals = comment.indexOf('=');
    return equals < 0 || Key.of(Blanks.drop(comment.substring(0, equals))).isEmpty();
  }

  private static boolean isBelow(Line line) {
    return line.isComment() && !isSwitchedOff(line);
  }

  /** PiVPN's and WGmeta's marks of a line of a peer that is switched off. */
  private static boolean isSwitchedOff(Line line) {
    String text = Blanks.trim(line.text());
    return text.startsWith("#[disabled]") || text.startsWith("#-") && !text.startsWith("#--");
  }

  /** PiVPN's mark below a peer. */
  private static boolean isEnd(Line line) {
    return line.comment().toLowerCase(Locale.ROOT).startsWith("## end ");
  }
}
