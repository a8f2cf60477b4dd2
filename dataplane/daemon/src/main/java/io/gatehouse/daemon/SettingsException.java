// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

/** A setting cannot be used. The message names property, value, source and remedy. */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1;

  SettingsException(String message) {
    super(message);
  }
}
