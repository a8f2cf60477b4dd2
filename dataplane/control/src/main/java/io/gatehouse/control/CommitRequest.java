// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Parameters of {@code commit.begin}.
 *
 * @param seconds until the directory goes back unless somebody confirms, 1 to {@value #LONGEST}
 * @param origin who and why, for the revisions until then
 */
public record CommitRequest(long seconds, ChangeOrigin origin) {
  /** The longest time, in seconds: a week. */
  public static final long LONGEST = 604_800;

  /** Checks the time. */
  public CommitRequest {
    if (seconds < 1 || seconds > LONGEST) {
      throw new IllegalArgumentException("seconds not in 1.." + LONGEST);
    }
  }
}
