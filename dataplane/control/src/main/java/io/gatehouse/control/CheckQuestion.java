// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code check}: a file of the tunnel directory, or a text that is to be one.
 *
 * @param file the name that it has or is to have, such as {@code wg0.conf}
 * @param text the text; where it is missing, the file as it is now. May hold secrets, so it is
 *     hidden in {@link #toString}
 */
public record CheckQuestion(String file, Optional<String> text) {
  @Override
  public String toString() {
    return "CheckQuestion[file=" + file + ", text=" + text.map(t -> "(hidden)").orElse("") + "]";
  }
}
