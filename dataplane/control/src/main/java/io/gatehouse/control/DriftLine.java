// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * Something that runs otherwise than the file says. Keys are masked.
 *
 * @param line of the file that says it, 1-based; 0 when none does
 * @param kind what it is about
 * @param subject which one, such as a peer by name and public key, or a key of the file
 * @param setting which of its settings, by the file's key, when the subject itself is the same; or
 *     empty
 * @param says what the file says; empty when nothing
 * @param runs what runs; empty when nothing does
 * @param ignored whether it was said that it may stay so
 */
public record DriftLine(
    int line,
    PlanKind kind,
    String subject,
    String setting,
    String says,
    String runs,
    boolean ignored) {
  /** As a difference that a plan would level. */
  public static DriftLine of(PlanLine line, boolean ignored) {
    boolean bare = line.before().isEmpty() && line.after().isEmpty();
    return new DriftLine(
        line.line(),
        line.kind(),
        line.subject(),
        line.setting(),
        bare && line.change() == PlanChange.ADDED ? line.subject() : line.after(),
        bare && line.change() == PlanChange.REMOVED ? line.subject() : line.before(),
        ignored);
  }

  /** One line for people, without the number of the line. */
  public String text() {
    return (kind.words() + " " + subject + " " + setting).strip().replaceAll(" +", " ")
        + ": the file says "
        + orNothing(says)
        + ", and "
        + orNothing(runs)
        + " runs";
  }

  private static String orNothing(String value) {
    return value.isEmpty() ? "nothing" : value;
  }
}
