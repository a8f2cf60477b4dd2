// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * A state of the tunnel directory that was taken.
 *
 * @param id of its commit, 40 hexadecimal digits
 * @param time Unix seconds
 * @param author who
 * @param source by which way
 * @param message why, or which files it was about
 * @param files names of those that differ from the revision before, sorted
 */
public record Revision(
    String id, long time, String author, ChangeSource source, String message, List<String> files) {
  /** Copies the list. */
  public Revision {
    files = List.copyOf(files);
  }
}
