// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * A file as it might be put into the tunnel directory.
 *
 * @param name {@code NAME.conf}, without a directory
 * @param text of the file, private keys included; not shown by {@code toString}
 */
public record PlannedFile(String name, String text) {
  @Override
  public String toString() {
    return "PlannedFile[" + name + ", (hidden)]";
  }
}
