// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

/** A {@link DeviceChange} that cannot be applied. Nothing of it was. */
public final class InvalidChangeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** With a message that names value and remedy. */
  public InvalidChangeException(String message) {
    super(message);
  }
}
