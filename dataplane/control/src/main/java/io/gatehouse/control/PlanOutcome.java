// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/** What a plan means for a tunnel as a whole. */
public enum PlanOutcome {
  /** It does not run and would be brought up. */
  COMES_UP,
  /** It runs, would go on, and something of it would change. */
  CHANGES,
  /** It runs and would be taken down, because its file is gone. */
  GOES_DOWN,
  /** Its file would not be applied, as the findings say; what runs goes on. */
  NOT_APPLIED;

  /** As it stands in texts for people. */
  public String words() {
    return switch (this) {
      case COMES_UP -> "comes up";
      case CHANGES -> "changes";
      case GOES_DOWN -> "goes down";
      case NOT_APPLIED -> "is not applied";
    };
  }
}
