// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Friendly names in comments, in the dialects of the tools that write wg-quick files.
 *
 * <p>{@code # friendly_name = x} inside the section is what we write. Read are also: {@code # Name
 * = x} and {@code # Name: x} (wireguard-ui), {@code #Name# = x} (WGDashboard), {@code #+Name = x}
 * (WGmeta), {@code # -WGP- Display name: x} (wg-portal), {@code # Client: x (id)} (wg-easy), {@code
 * # Peer: x} (pfSense), {@code # friendly_json = {"name": "x"}}, what scripts find sections by
 * ({@code ### begin x ###}, {@code # BEGIN_PEER x}, {@code ### Client x}, {@code # x start}), and
 * plain comments.
 *
 * <p>What stands inside the section comes before what heads it, and a label before a plain comment.
 * A plain comment is a name when it is the first line below the header, or else the only comment
 * line above it, begins with a letter or digit, has neither {@code =} nor {@code :} and at most 64
 * characters.
 *
 * @param text the name
 * @param line index of the line that gives it
 * @param start where it begins in the text of that line, -1 if it cannot be written anew there
 */
record PeerName(String text, int line, int start) {
  private static final String WRITTEN = "friendly_name";

  /** Labels of which the rest of the line is the name. */
  private static final List<String> LABELS =
      List.of(WRITTEN, "friendly name", "name#", "name", "+name", "-wgp- display name");

  /** Labels of lines that say, or may say, more than the name. */
  private static final List<String> LABELS_OF_MORE = List.of("client", "peer");

  private static final int LONGEST = 128;
  private static final int LONGEST_PLAIN = 64;

  /** The name of a block's peer. */
  static Optional<String> of(List<Line> lines, Block block) {
    return find(lines, block).map(PeerName::text);
  }

  /** The name of a block's peer, and where it stands. */
  static Optional<PeerName> find(List<Line> lines, Block block) {
    return labelled(lines, block.header() + 1, block.last() + 1)
        .or(() -> labelled(lines, block.first(), block.header()))
        .or(() -> plain(lines, block.header() + 1, block.last()))
        .or(
            () ->
                block.header() - block.first() == 1
                    ? plain(lines, block.first(), block.first())
                    : Optional.empty());
  }

  /** The comment that gives a name, without line end, in ISO-8859-1 form. */
  static String comment(String name) {
    return "# " + WRITTEN + " = " + latin1(name);
  }

  /** Whether a line is what {@link #comment} writes, or nearly. */
  static boolean isWritten(Line line) {
    return line.isComment() && line.comment().toLowerCase(Locale.ROOT).startsWith(WRITTEN);
  }

  /** Whether a name can be written and read back as it is. */
  static boolean isWritable(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST
        && name.strip().equals(name)
        && name.codePoints().allMatch(Shown::isPrintable);
  }

  /** People read UTF-8; the file is kept as ISO-8859-1, one character per byte. */
  static String latin1(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static Optional<PeerName> labelled(List<Line> lines, int from, int to) {
    Optional<PeerName> other = Optional.empty();
    for (int i = from; i < to; i++) {
      Line line = lines.get(i);
      if (line.text().indexOf('#') < 0) {
        continue;
      }
      Optional<PeerName> name = labelled(line, i);
      if (name.isPresent() && isWritten(line)) {
        return name;
      }
      other = other.isPresent() ? other : name;
    }
    return other;
  }

  private static Optional<PeerName> labelled(Line line, int index) {
    String comment = line.comment();
    String lower = comment.toLowerCase(Locale.ROOT);
    Optional<String> begun = begun(comment, lower);
    if (begun.isPresent()) {
      return elsewhere(begun.get(), index);
    }
    if (lower.startsWith("friendly_json")) {
      return json(comment).flatMap(name -> elsewhere(name, index));
    }
    for (String label : LABELS) {
      int start = afterLabel(lower, label);
      if (start >= 0) {
        int from = line.text().indexOf('#') + 1;
        while (Blanks.isBlank(line.text().charAt(from))) {
          from++;
        }
        int at = from + start;
        return clean(comment.substring(start)).map(name -> new PeerName(name, index, at));
      }
    }
    for (String label : LABELS_OF_MORE) {
      int start = afterLabel(lower, label);
      if (start >= 0) {
        String name = comment.substring(start);
        int id = name.lastIndexOf(" (");
        boolean numbered = label.equals("client") && id > 0 && name.endsWith(")");
        return elsewhere(numbered ? name.substring(0, id) : name, index);
      }
    }
    return Optional.empty();
  }

  /** Whether a comment is what a script puts below a section, to find its end. */
  static boolean isEnd(String comment) {
    String lower = comment.toLowerCase(Locale.ROOT);
    return lower.startsWith("## end ") || lower.startsWith("end_peer ") || isWordAnd(lower, " end");
  }

  /** The name in what scripts put above a section, to find its beginning. */
  private static Optional<String> begun(String comment, String lower) {
    if (lower.startsWith("## begin ") && lower.endsWith("###") && lower.length() > 12) {
      return Optional.of(comment.substring(9, comment.length() - 3));
    }
    for (String label : List.of("begin_peer ", "## client ")) {
      if (lower.startsWith(label)) {
        return Optional.of(comment.substring(label.length()));
      }
    }
    return isWordAnd(lower, " start")
        ? Optional.of(comment.substring(0, comment.length() - " start".length()))
        : Optional.empty();
  }

  private static boolean isWordAnd(String comment, String end) {
    return comment.endsWith(end)
        && comment.length() > end.length()
        && comment.indexOf(' ') == comment.length() - end.length();
  }

  /** Where the value begins behind a label and its sign; -1 if the label is not there. */
  private static int afterLabel(String comment, String label) {
    int i = label.length();
    if (!comment.startsWith(label)) {
      return -1;
    }
    while (i < comment.length() && Blanks.isBlank(comment.charAt(i))) {
      i++;
    }
    if (i == comment.length() || comment.charAt(i) != '=' && comment.charAt(i) != ':') {
      return -1;
    }
    i++;
    while (i < comment.length() && Blanks.isBlank(comment.charAt(i))) {
      i++;
    }
    return i;
  }

  /** The text of {@code "name"} in a flat object; anything harder gives no name. */
  private static Optional<String> json(String comment) {
    int key = comment.indexOf("\"name\"");
    int colon = key < 0 ? -1 : comment.indexOf(':', key + 6);
    int open = colon < 0 ? -1 : comment.indexOf('"', colon);
    int close = open < 0 ? -1 : comment.indexOf('"', open + 1);
    if (close < 0 || comment.substring(open, close).indexOf('\\') >= 0) {
      return Optional.empty();
    }
    return Optional.of(comment.substring(open + 1, close));
  }

  private static Optional<PeerName> plain(List<Line> lines, int at, int last) {
    if (at > last || !lines.get(at).isComment()) {
      return Optional.empty();
    }
    String comment = lines.get(at).comment();
    return isPlainName(comment) ? elsewhere(comment, at) : Optional.empty();
  }

  private static boolean isPlainName(String comment) {
    String shown = Shown.utf8(comment);
    return !shown.isEmpty()
        && Character.isLetterOrDigit(shown.codePointAt(0))
        && shown.indexOf('=') < 0
        && shown.indexOf(':') < 0
        && shown.length() <= LONGEST_PLAIN;
  }

  private static Optional<PeerName> elsewhere(String text, int line) {
    return clean(text).map(name -> new PeerName(name, line, -1));
  }

  private static Optional<String> clean(String text) {
    String name = Shown.printable(Shown.utf8(text)).strip();
    return name.isEmpty() || name.length() > LONGEST ? Optional.empty() : Optional.of(name);
  }
}
