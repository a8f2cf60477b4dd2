// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

/**
 * A command cannot do what it was asked for: exit status 1. The first line is what wg(8) or
 * wg-quick(8) would say, the second one the remedy.
 */
final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  /** Without secrets. An empty remedy is not shown. */
  Failure(String line, String remedy) {
    super(remedy.isEmpty() ? line : line + "\n" + remedy);
  }

  /** The lines for standard error. */
  String lines() {
    return String.valueOf(getMessage());
  }
}
