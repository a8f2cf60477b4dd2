// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Result of {@code file.export}: a file as it is, with its keys. Holds secrets.
 *
 * @param name such as {@code wg0.conf}
 * @param version of its content: the id that git gives it, 40 hexadecimal digits
 * @param encoding {@code UTF-8}, or {@code ISO-8859-1} for a file that is not that
 * @param text in clear
 */
public record FileExported(String name, String version, String encoding, String text) {
  /** Leaves the text out. */
  @Override
  public String toString() {
    return "FileExported[name=" + name + ", version=" + version + "]";
  }
}
