// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

/** A backup cannot be made or put back; nothing has changed. The message names the remedy. */
public final class BackupException extends Exception {
  private static final long serialVersionUID = 1;

  /** With the whole message. */
  public BackupException(String message) {
    super(message);
  }
}
