// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text of a file in a form fit for logs and pages: short, printable, one line. */
final class Shown {
  static final String HIDDEN = "(hidden)";

  private static final int LONGEST = 80;

  private Shown() {}

  /** Cuts long text and replaces control characters, so that no value can forge a log line. */
  static String of(String text) {
    String shown = printable(utf8(text));
    return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "...";
  }

  /** The same, but masked where it may be a key that ended up in the wrong place. */
  static String unlessSecret(String text) {
    String bare = Blanks.drop(text);
    return bare.length() >= 40 ? HIDDEN : of(text);
  }

  /** The file is read as ISO-8859-1, one character per byte; people write UTF-8. */
  static String utf8(String latin1) {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return latin1;
    }
  }

  static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(c -> shown.appendCodePoint(isPrintable(c) ? c : '?'));
    return shown.toString();
  }

  /** Not a control, a format character such as a change of direction, or a line separator. */
  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
