// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.Finding;
import java.util.List;

/**
 * A finding about a file, as {@link Finding} has it.
 *
 * @param code stable code
 * @param severity {@code NOTE}, {@code WARNING} or {@code ERROR}
 * @param file the file's name
 * @param line 1-based, 0 for the whole file
 * @param value the offending text, masked if secret; may be empty
 * @param message what is wrong
 * @param remedy what to do
 * @param fix what a fix by {@code gatehouse check --fix} would change in the file, a line for each
 *     edit and without secrets; empty where only a person can decide
 */
public record FindingStatus(
    String code,
    String severity,
    String file,
    int line,
    String value,
    String message,
    String remedy,
    List<String> fix) {
  /** Copies the list. */
  public FindingStatus {
    fix = List.copyOf(fix);
  }

  /** One without a fix. */
  public FindingStatus(
      String code,
      String severity,
      String file,
      int line,
      String value,
      String message,
      String remedy) {
    this(code, severity, file, line, value, message, remedy, List.of());
  }

  /** One line for people: the place, if it has one, what is wrong, and what to do. */
  public String text() {
    String place = file.isEmpty() ? "" : file + (line > 0 ? ":" + line : "") + ": ";
    return place + message + ". " + remedy;
  }

  /** The same, as it goes to the console. */
  public static FindingStatus of(Finding finding) {
    return new FindingStatus(
        finding.code(),
        finding.severity().name(),
        finding.file(),
        finding.line(),
        finding.value(),
        finding.message(),
        finding.remedy(),
        finding.fix().stream().map(FileEdit::text).toList());
  }
}
