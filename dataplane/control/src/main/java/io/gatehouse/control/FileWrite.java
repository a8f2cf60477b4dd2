// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Optional;

/**
 * Parameters of {@code file.write}: a file's whole new text. May hold secrets.
 *
 * @param name such as {@code wg0.conf}
 * @param base the version that was edited, as {@code file.read} gave it. If the file has changed
 *     since, both changes are merged line by line, and refused where they meet
 * @param text where a placeholder of that version stands for the key that it hid, and {@code
 *     (generate)} in the place of a private or preshared key for one to be made; octets as in that
 *     version's {@code encoding}
 * @param dryRun whether only to say what would come of it
 * @param origin who and why; without it the user of the asking process
 */
public record FileWrite(
    String name, String base, String text, boolean dryRun, Optional<ChangeOrigin> origin) {
  /** Leaves the text out, for it may hold keys. */
  @Override
  public String toString() {
    return "FileWrite[name=" + name + ", base=" + base + "]";
  }
}
