// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;
import java.util.Optional;

/**
 * Parameters of {@code edit}: all of it is made, or nothing.
 *
 * @param files each once
 * @param dryRun whether only to say what would come of it
 * @param origin who and why; without it the user of the asking process
 */
public record EditRequest(List<FileSteps> files, boolean dryRun, Optional<ChangeOrigin> origin) {
  /** Copies the list. */
  public EditRequest {
    files = List.copyOf(files);
  }
}
