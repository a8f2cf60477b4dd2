// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import org.jspecify.annotations.Nullable;

/**
 * What one place on a page shows.
 *
 * @param text as people read it
 * @param look a word for the style sheet, or {@code points} and {@code value} for what goes into an
 *     attribute of a picture or a bar; or empty
 * @param since Unix seconds of the moment whose age is shown, 0 when it is no age
 */
public record Cell(String text, String look, long since) {
  static Cell of(String text) {
    return new Cell(text, "", 0);
  }

  /** The text of an age changes each second, but the browser can count. */
  boolean isSame(@Nullable Cell before) {
    return before != null
        && look.equals(before.look)
        && since == before.since
        && (since != 0 || text.equals(before.text));
  }
}
