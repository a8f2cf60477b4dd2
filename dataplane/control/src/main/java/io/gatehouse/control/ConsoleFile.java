// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * A file of the console's state, which nobody but the console may read.
 *
 * @param name in its directory, such as {@code users}
 * @param octets base64; hidden in {@code toString}
 */
public record ConsoleFile(String name, String octets) {
  /** Leaves the octets out. */
  @Override
  public String toString() {
    return "ConsoleFile[name=" + name + "]";
  }
}
