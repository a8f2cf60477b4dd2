// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

/**
 * Where the value of a setting begins and ends in the text of its line, without the blanks around
 * it.
 *
 * @param start of the value, or where one would begin
 * @param end behind it
 */
record ValuePlace(int start, int end) {
  /**
   * The place in a line that has an equals sign.
   *
   * @param hook whether the value goes on behind a {@code #}, which is the shell's then
   */
  static ValuePlace of(Line line, boolean hook) {
    String text = line.text();
    int hash = hook ? -1 : text.indexOf('#');
    int start = text.indexOf('=') + 1;
    int end = hash < 0 ? text.length() : hash;
    while (start < end && Blanks.isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && Blanks.isBlank(text.charAt(end - 1))) {
      end--;
    }
    return new ValuePlace(start, end);
  }

  /** The value of a line. */
  static String value(Line line, boolean hook) {
    ValuePlace place = of(line, hook);
    return line.text().substring(place.start, place.end);
  }

  /** The text of a line with another value. */
  static String withValue(Line line, boolean hook, String value) {
    ValuePlace place = of(line, hook);
    return line.text().substring(0, place.start) + value + line.text().substring(place.end);
  }

  /** What parts the items of a list, if it has any two. */
  static String separator(String value, String usual) {
    return value.indexOf(',') < 0 ? usual : value.contains(", ") ? ", " : ",";
  }
}
