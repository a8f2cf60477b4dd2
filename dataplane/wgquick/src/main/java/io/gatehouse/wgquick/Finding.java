// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.List;

/**
 * Something to say about a file: what is wrong, where, and what to do.
 *
 * @param code stable, upper case with dashes, such as {@code KEY-LENGTH}; documentation and tests
 *     name it
 * @param severity how bad it is
 * @param file the file's name as the administrator knows it
 * @param line 1-based; 0 when it concerns the whole file
 * @param value the offending text, masked when it may be a secret; empty when there is none
 * @param message what is wrong, one sentence without the place
 * @param remedy what to do, one sentence
 * @param fix edits of the same file that do it; empty where only a person can decide
 */
public record Finding(
    String code,
    Severity severity,
    String file,
    int line,
    String value,
    String message,
    String remedy,
    List<FileEdit> fix) {
  /** Copies the list. */
  public Finding {
    fix = List.copyOf(fix);
  }

  /** One without edits. */
  public Finding(
      String code,
      Severity severity,
      String file,
      int line,
      String value,
      String message,
      String remedy) {
    this(code, severity, file, line, value, message, remedy, List.of());
  }

  /** The same with edits that do what the remedy says. */
  public Finding withFix(FileEdit... edits) {
    return new Finding(code, severity, file, line, value, message, remedy, List.of(edits));
  }

  /** How bad a finding is. Only {@link #ERROR} keeps a file from being applied. */
  public enum Severity {
    /** Good to know. */
    NOTE,
    /** Probably not what was meant. */
    WARNING,
    /** Cannot be applied. */
    ERROR
  }

  /** {@code file:line: message (value). Remedy}: the one line that a log shows. */
  @Override
  public String toString() {
    return file
        + (line > 0 ? ":" + line : "")
        + ": "
        + message
        + (value.isEmpty() ? "" : " (\"" + value + "\")")
        + ". "
        + remedy
        + " ["
        + code
        + "]";
  }
}
