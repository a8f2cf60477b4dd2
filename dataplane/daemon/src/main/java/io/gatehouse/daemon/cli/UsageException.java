// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

/** The words of a command make no sense; the message says which and what would. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
