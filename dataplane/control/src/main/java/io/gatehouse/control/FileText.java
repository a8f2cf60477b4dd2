// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code file.read}: a file with its private and preshared keys, and whatever else could
 * be one, hidden.
 *
 * @param name such as {@code wg0.conf}
 * @param version of its content: the id that git gives it, 40 hexadecimal digits
 * @param encoding {@code UTF-8}, or {@code ISO-8859-1} for a file that is not that
 * @param text with a placeholder such as {@code (hidden 2@1f6c03a9)} for each key: the second one
 *     of the version that begins like this
 * @param findings about the file as it stands and as it runs
 */
public record FileText(
    String name, String version, String encoding, String text, List<FindingStatus> findings) {
  /** The longest file that is read and written whole, in octets; {@code edit} has no such limit. */
  public static final int LARGEST = 4_194_304;

  /** Copies the list. */
  public FileText {
    findings = List.copyOf(findings);
  }
}
