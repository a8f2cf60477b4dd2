// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code restore.look}: what a restore would change. Holds no secret.
 *
 * @param made when the backup was made, Unix seconds
 * @param version of the Gatehouse that made it
 * @param files of the tunnel directory, now and then, sorted by name
 * @param left what is in the backup but is not restored this way, such as {@code settings}
 */
public record RestorePreview(
    long made, String version, List<RestoredFile> files, List<String> left) {
  /** Copies the lists. */
  public RestorePreview {
    files = List.copyOf(files);
    left = List.copyOf(left);
  }
}
