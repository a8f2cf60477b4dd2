// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One line of a file, read as ISO-8859-1 so that every byte is a character and comes back as it
 * was.
 *
 * @param number 1-based
 * @param off what switches a line of a disabled peer off, see {@link DisabledLines}; else empty
 * @param text without that and without the line end
 * @param end {@code "\n"}, {@code "\r\n"}, or empty on a last line without one
 */
record Line(int number, String off, String text, String end) {
  /** A line as it stands. */
  Line(int number, String text, String end) {
    this(number, "", text, end);
  }

  /** Cuts a file into lines; joined again they are the file. */
  static List<Line> split(String file) {
    List<Line> lines = new ArrayList<>();
    int start = 0;
    while (start < file.length()) {
      int feed = file.indexOf('\n', start);
      int next = feed < 0 ? file.length() : feed + 1;
      int stop = feed < 0 ? next : feed > start && file.charAt(feed - 1) == '\r' ? feed - 1 : feed;
      lines.add(
          new Line(lines.size() + 1, file.substring(start, stop), file.substring(stop, next)));
      start = next;
    }
    return lines;
  }

  /** What counts: everything before the first {@code #}. */
  String content() {
    int hash = text.indexOf('#');
    return Blanks.trim(hash < 0 ? text : text.substring(0, hash));
  }

  /**
   * The value of a hook: everything behind the first {@code =}. A {@code #} in it is the shell's, a
   * comment only where that takes it for one.
   */
  String uncut() {
    return Blanks.trim(text.substring(text.indexOf('=') + 1));
  }

  /** Whether nothing counts, and there is a comment. */
  boolean isComment() {
    return text.indexOf('#') >= 0 && content().isEmpty();
  }

  /** What stands after the first {@code #}, trimmed; empty when there is none. */
  String comment() {
    int hash = text.indexOf('#');
    return hash < 0 ? "" : Blanks.trim(text.substring(hash + 1));
  }

  /** The same line as wg(8) sees it when it reads a file by itself: a NUL ends it. */
  Line untilNul() {
    int nul = text.indexOf('\0');
    return nul < 0 ? this : new Line(number, off, text.substring(0, nul), end);
  }

  /** Whether it belongs to a disabled peer, so that it is a comment for everybody else. */
  boolean isOff() {
    return !off.isEmpty();
  }

  boolean isBlank() {
    return text.indexOf('#') < 0 && content().isEmpty();
  }

  boolean isHeader() {
    return content().startsWith("[");
  }

  /** The header in lower case without blanks, such as {@code [peer]}, as wg(8) compares it. */
  String header() {
    return Blanks.drop(content()).toLowerCase(Locale.ROOT);
  }

  /** The line as it stands in the file, without its end. */
  String raw() {
    return off + text;
  }

  /** The whole line, line end included. */
  String whole() {
    return raw() + end;
  }
}
