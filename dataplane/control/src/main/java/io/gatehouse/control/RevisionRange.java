// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code history.list}: a page of the history.
 *
 * @param before only revisions older than this one, by its id; empty for the newest
 * @param limit how many at most, 1 to {@value #LARGEST}
 */
public record RevisionRange(String before, int limit) {
  /** The most revisions of one page. */
  public static final int LARGEST = 500;

  /** Checks the limit. */
  public RevisionRange {
    if (limit < 1 || limit > LARGEST) {
      throw new IllegalArgumentException("limit not in 1.." + LARGEST);
    }
  }
}
