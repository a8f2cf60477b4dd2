// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code file.create}. May hold secrets.
 *
 * @param name such as {@code wg0.conf}; must not be there yet
 * @param text UTF-8; {@code (generate)} in the place of a private or preshared key stands for one
 *     to be made
 * @param dryRun whether only to say what would come of it
 * @param origin who and why; without it the user of the asking process
 */
public record FileCreation(
    String name, String text, boolean dryRun, Optional<ChangeOrigin> origin) {
  /** Leaves the text out, for it may hold keys. */
  @Override
  public String toString() {
    return "FileCreation[name=" + name + "]";
  }
}
