// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

/** There is no such revision, or more than one that begins like this. */
public final class NoSuchRevisionException extends Exception {
  private static final long serialVersionUID = 1;

  NoSuchRevisionException(String revision) {
    super("there is no revision \"" + revision + "\"");
  }
}
