// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.List;

/**
 * Result of {@code file.list}.
 *
 * @param files sorted by name
 */
public record FileList(List<FileStatus> files) {
  /** Copies the list. */
  public FileList {
    files = List.copyOf(files);
  }
}
