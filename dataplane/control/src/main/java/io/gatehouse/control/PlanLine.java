// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/**
 * One difference between what runs and what a file wants. Keys are masked.
 *
 * @param kind what it is about
 * @param change what the plan does to it
 * @param subject which one, such as an address, a peer by name and public key, or a key of the file
 * @param setting which of its settings, by the file's key, when the subject itself stays; or empty
 * @param before what runs; empty when there is nothing
 * @param after what the file wants; empty when nothing
 * @param line of the file that wants it, 1-based; 0 when none does
 */
public record PlanLine(
    PlanKind kind,
    PlanChange change,
    String subject,
    String setting,
    String before,
    String after,
    int line) {
  /** One line for people, such as {@code ~ peer Alice (...) AllowedIPs: a -> b (line 7)}. */
  public String text() {
    StringBuilder text = new StringBuilder(change.sign()).append(' ').append(kind.words());
    if (!subject.isEmpty()) {
      text.append(' ').append(subject);
    }
    if (!setting.isEmpty()) {
      text.append(' ').append(setting);
    }
    String values =
        switch (change) {
          case ADDED -> after;
          case REMOVED -> before;
          case CHANGED -> orNone(before) + " -> " + orNone(after);
        };
    if (!values.isEmpty()) {
      text.append(": ").append(values);
    }
    return text.append(line > 0 ? " (line " + line + ")" : "").toString();
  }

  private static String orNone(String value) {
    return value.isEmpty() ? "none" : value;
  }
}
