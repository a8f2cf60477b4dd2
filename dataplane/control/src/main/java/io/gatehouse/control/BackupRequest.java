// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;
import java.util.Optional;

/**
 * Parameters of {@code backup.make}.
 *
 * @param console files of the asking console's state that are to be in it; may be empty
 * @param origin who and why; without it the user of the asking process
 */
public record BackupRequest(List<ConsoleFile> console, Optional<ChangeOrigin> origin) {
  /** Copies the list. */
  public BackupRequest {
    console = List.copyOf(console);
  }
}
