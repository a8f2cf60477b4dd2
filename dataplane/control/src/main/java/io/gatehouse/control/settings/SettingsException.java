// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.settings;

/** A setting cannot be used. The message names property, value, source and remedy. */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1;

  /** Says what cannot be used, where it stands, and what would do. */
  public SettingsException(String message) {
    super(message);
  }
}
