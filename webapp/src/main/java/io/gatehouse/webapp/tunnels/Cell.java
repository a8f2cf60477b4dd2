// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

/**
 * What one place on the page shows.
 *
 * @param text as people read it
 * @param look a word for the style sheet, or empty
 * @param since Unix seconds of the moment whose age is shown, 0 when it is no age
 */
public record Cell(String text, String look, long since) {
  static Cell of(String text) {
    return new Cell(text, "", 0);
  }
}
