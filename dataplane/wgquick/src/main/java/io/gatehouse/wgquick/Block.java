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
 * setting or {@linkplain OwnLine own line}, and the comments that touch that from below. Blank
 * lines part sections, so a comment with blank lines on both sides belongs to none. Lines of
 * disabled peers are sections of their own.
 *
 * @param first index of its first own line
 * @param header index of its header
 * @param last index of its last own line
 */
record Block(int first, int header, int last) {
  /** The blocks of a file in order, those of disabled peers among them; in linear time. */
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
      int first = firstAbove(lines, header, free);
      int stop =
          h + 1 < headers.size() ? firstAbove(lines, headers.get(h + 1), header + 1) : lines.size();
      int last = header;
      for (int i = header + 1; i < stop; i++) {
        Line line = lines.get(i);
        if (line.isOff() == lines.get(header).isOff()
            && (!line.content().isEmpty() || OwnLine.isOne(line))) {
          last = i;
        }
      }
      while (last + 1 < stop && isBelow(lines, header, last + 1) && !isEnd(lines.get(last))) {
        last++;
      }
      blocks.add(new Block(first, header, last));
      free = last + 1;
    }
    return blocks;
  }

  /**
   * Where the comments begin that head a section: those that touch the header from above. Where
   * they touch the section before as well, names and settings that were switched off are that
   * one's.
   *
   * @param free the first line that may be taken
   */
  static int firstAbove(List<Line> lines, int header, int free) {
    int start = header;
    while (start > free && isHeading(lines.get(start - 1), lines.get(header))) {
      start--;
    }
    if (start == 0 || lines.get(start - 1).isBlank()) {
      return start;
    }
    int first = header;
    while (first > start && isAbove(lines.get(first - 1))) {
      first--;
    }
    return first;
  }

  /**
   * The lines that go when sections go: their own, and the blank lines that part them from the
   * next. Comments that stand by themselves stay. What nobody has as long as they are there, and
   * the section above or below would have then, goes with them: comments that touch them from
   * below, and own lines below that of a disabled peer.
   */
  static Set<Integer> lines(List<Block> blocks, List<Line> lines) {
    Set<Integer> gone = new HashSet<>();
    for (Block block : blocks) {
      for (int i = block.first(); i <= block.last(); i++) {
        gone.add(i);
      }
      int next = block.last() + 1;
      int stop = nextSection(lines, next);
      while (next < stop && lines.get(next).isComment()) {
        gone.add(next++);
      }
      for (int i = next; i < stop; i++) {
        if (OwnLine.isOne(lines.get(i))) {
          gone.add(i);
        }
      }
      while (next < lines.size() && (lines.get(next).isBlank() || gone.contains(next))) {
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

  /**
   * The lines below which a blank one must come when lines go, lest a comment that touched what
   * goes, or nothing, touches another section.
   */
  static List<Integer> parted(Set<Integer> gone, List<Line> lines) {
    List<Integer> parted = new ArrayList<>();
    int above = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (gone.contains(i)) {
        continue;
      }
      if (above >= 0
          && above < i - 1
          && lines.get(i).isComment()
          && !isBlankForAll(lines.get(above))
          && (!isEnd(lines.get(above)) || lines.get(i - 1).isBlank())) {
        parted.add(above);
      }
      above = i;
    }
    return parted;
  }

  /** What is blank behind the mark of a disabled peer may be a comment when that peer is gone. */
  private static boolean isBlankForAll(Line line) {
    return line.isBlank() && !line.isOff();
  }

  /** Where the next section begins, the end of the file if none comes. */
  private static int nextSection(List<Line> lines, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).isHeader()) {
        return firstAbove(lines, i, from);
      }
    }
    return lines.size();
  }

  /** Whose section it is; empty when it is no peer's, or says no key. */
  Optional<PublicKey> publicKey(List<Line> lines) {
    if (!isPeer(lines)) {
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

  /** Whether it is the section of a disabled peer. */
  boolean isOff(List<Line> lines) {
    return lines.get(header).isOff();
  }

  /** Whether it is a peer's, with or without a key. */
  boolean isPeer(List<Line> lines) {
    return lines.get(header).header().equals("[peer]");
  }

  /** Whether it is the interface's. */
  boolean isInterface(List<Line> lines) {
    return lines.get(header).header().equals("[interface]");
  }

  private static boolean isHeading(Line line, Line header) {
    return line.isComment()
        && (header.isOff() || !line.isOff())
        && !DisabledLines.isMarked(line.text())
        && !isEnd(line);
  }

  /** Whether a comment that touches both heads the section below it, not the one above it. */
  private static boolean isAbove(Line line) {
    String comment = line.comment().toLowerCase(Locale.ROOT);
    if (comment.startsWith("friendly_") || comment.startsWith("+") || OwnLine.isOne(line)) {
      return false;
    }
    // A setting that somebody switched off belongs where it stands.
    int equals = comment.indexOf('=');
    return equals < 0 || Key.of(Blanks.drop(comment.substring(0, equals))).isEmpty();
  }

  private static boolean isBelow(List<Line> lines, int header, int index) {
    Line line = lines.get(index);
    return line.isComment() && line.isOff() == lines.get(header).isOff();
  }

  private static boolean isEnd(Line line) {
    return line.isComment() && PeerName.isEnd(line.comment());
  }
}
