// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

/**
 * What wg(8) drops and wg-quick(8) trims: space, tab, line feed, vertical tab, form feed, carriage
 * return. NUL is among them, since the shell's {@code read} drops it.
 */
final class Blanks {
  private Blanks() {}

  static boolean isBlank(char c) {
    return c == ' ' || c >= '\t' && c <= '\r' || c == 0;
  }

  /** Without any blank, as wg(8) reads a line. */
  static String drop(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (!isBlank(text.charAt(i))) {
        kept.append(text.charAt(i));
      }
    }
    return kept.toString();
  }

  /** Without blanks at both ends, and without NUL, as wg-quick(8) reads a value. */
  static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end).replace("\0", "");
  }
}
