// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * What became of changed files since the data plane started.
 *
 * @param applied how often one was applied
 * @param rejected how often one was refused
 * @param changed Unix seconds when one was applied last, 0 is never
 * @param error why one was refused last; empty once all are good again
 */
public record ConfigActivity(long applied, long rejected, long changed, String error) {
  /** Nothing has happened yet. */
  public static final ConfigActivity NONE = new ConfigActivity(0, 0, 0, "");
}
