// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.settings;

/**
 * A value, and who gave it.
 *
 * @param value without blanks around it
 * @param origin a file and its line, a variable, a flag; {@code default} if nobody gave it
 */
public record Given(String value, String origin) {
  static final String DEFAULT = "default";

  /** Whether somebody gave it. */
  public boolean isGiven() {
    return !origin.equals(DEFAULT);
  }
}
