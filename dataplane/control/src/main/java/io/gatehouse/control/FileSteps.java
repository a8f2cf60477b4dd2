// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;
import java.util.Optional;

/**
 * Edits of one file, as part of {@code edit}.
 *
 * @param name such as {@code wg0.conf}
 * @param base the version that the edits are for: if the file has changed since, both changes are
 *     merged line by line, and refused where they meet. Without it the edits are made in whatever
 *     the file is now
 * @param steps made one after the other
 */
public record FileSteps(String name, Optional<String> base, List<EditStep> steps) {
  /** Copies the list. */
  public FileSteps {
    steps = List.copyOf(steps);
  }
}
