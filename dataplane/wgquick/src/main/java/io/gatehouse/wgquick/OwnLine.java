// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.Locale;
import java.util.Optional;

/**
 * A comment that says what wg-quick has no key for: {@code # gatehouse.expires = ...}. For wg(8) it
 * is a comment like any other.
 *
 * @param key as written, without {@code gatehouse.}
 * @param value as written, in ISO-8859-1 form; empty when there is no equals sign, too
 */
record OwnLine(String key, String value) {
  /** What every key of ours begins with. */
  static final String PREFIX = "gatehouse.";

  /** Whether a line is one; it must have nothing but the comment. */
  static boolean isOne(Line line) {
    int hash = line.text().indexOf('#');
    return hash >= 0 && startsWithPrefix(line.comment()) && line.isComment();
  }

  /** Whether a comment behind a setting would be one if it stood alone. */
  static boolean isBehind(Line line) {
    return line.text().indexOf('#') > 0 && startsWithPrefix(line.comment()) && !line.isComment();
  }

  /** What a line says, if it is one. */
  static Optional<OwnLine> of(Line line) {
    if (!isOne(line)) {
      return Optional.empty();
    }
    String said = line.comment().substring(PREFIX.length());
    int equals = said.indexOf('=');
    return Optional.of(
        equals < 0
            ? new OwnLine(Blanks.trim(said), "")
            : new OwnLine(
                Blanks.trim(said.substring(0, equals)), Blanks.trim(said.substring(equals + 1))));
  }

  /** The comment, without line end, in ISO-8859-1 form. */
  String comment() {
    return "# " + PREFIX + key + " = " + value;
  }

  private static boolean startsWithPrefix(String comment) {
    return comment.length() >= PREFIX.length()
        && comment.substring(0, PREFIX.length()).toLowerCase(Locale.ROOT).equals(PREFIX);
  }
}
