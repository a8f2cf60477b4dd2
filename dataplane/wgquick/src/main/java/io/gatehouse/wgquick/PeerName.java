// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Friendly names in comments, in the dialects of the tools that write wg-quick files.
 *
 * <p>{@code # friendly_name = x} inside the section is what we write. Read are also: {@code # Name
 * = x} and {@code # Name: x} (wireguard-ui), {@code #+Name = x} (WGmeta), {@code # -WGP- Display
 * name: x} (wg-portal), {@code # Client: x (id)} (wg-easy), {@code ### begin x ###} (PiVPN), {@code
 * # friendly_json = {"name": "x"}}, and a plain comment right below the header.
 */
final class PeerName {
  private static final String WRITTEN = "friendly_name";
  private static final List<String> LABELS =
      List.of(WRITTEN, "friendly name", "name", "+name", "-wgp- display name", "client");
  private static final int LONGEST = 128;

  private PeerName() {}

  /** The name of a block's peer: what stands inside comes before what stands above. */
  static Optional<String> of(List<Line> lines, Block block) {
    Optional<String> name = labelled(lines.subList(block.header(), block.last() + 1));
    if (name.isEmpty()) {
      name = labelled(lines.subList(block.first(), block.header()));
    }
    if (name.isEmpty() && block.header() < block.last()) {
      name = plain(lines.get(block.header() + 1));
    }
    return name;
  }

  /** The comment that gives a name, without line end. */
  static String comment(String name) {
    return "# " + WRITTEN + " = " + name;
  }

  /** Whether a name can be written and read back as it is. */
  static boolean isWritable(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST
        && name.strip().equals(name)
        && name.codePoints().allMatch(Shown::isPrintable);
  }

  private static Optional<String> labelled(List<Line> lines) {
    Optional<String> other = Optional.empty();
    for (Line line : lines) {
      String comment = line.comment();
      if (comment.isEmpty()) {
        continue;
      }
      Optional<String> name = labelled(comment);
      if (name.isPresent() && comment.toLowerCase(Locale.ROOT).startsWith(WRITTEN)) {
        return name;
      }
      other = other.or(() -> name);
    }
    return other;
  }

  private static Optional<String> labelled(String comment) {
    String lower = comment.toLowerCase(Locale.ROOT);
    if (lower.startsWith("## begin ") && lower.endsWith("###")) {
      return clean(comment.substring(9, comment.length() - 3));
    }
    if (lower.startsWith("friendly_json")) {
      return json(comment);
    }
    for (String label : LABELS) {
      if (lower.startsWith(label)) {
        String rest = Blanks.trim(comment.substring(label.length()));
        if (rest.startsWith("=") || rest.startsWith(":")) {
          String name = rest.substring(1);
          int id = name.lastIndexOf(" (");
          boolean numbered = label.equals("client") && id > 0 && name.endsWith(")");
          return clean(numbered ? name.substring(0, id) : name);
        }
      }
    }
    return Optional.empty();
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
    return clean(comment.substring(open + 1, close));
  }

  private static Optional<String> plain(Line line) {
    String comment = line.comment();
    boolean sentence = comment.indexOf('=') >= 0 || comment.indexOf(':') >= 0;
    return !line.isComment() || sentence || comment.length() > 64
        ? Optional.empty()
        : clean(comment);
  }

  private static Optional<String> clean(String text) {
    String name = Shown.printable(Shown.utf8(text)).strip();
    return name.isEmpty() || name.length() > LONGEST ? Optional.empty() : Optional.of(name);
  }
}
