// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tables as RFC 4180 has them. Stateless. */
final class Csv {
  /** What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection). */
  private static final String FORMULA = "=+-@\t\r\n";

  private Csv() {}

  /** One record, its line end included. What looks like a formula is made a text. */
  static String line(List<String> fields) {
    return fields.stream().map(Csv::field).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String field(String value) {
    String safe = !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    return safe.matches("(?s).*[\",\r\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }

  /**
   * A record and where it begins.
   *
   * @param line from 1
   */
  record Entry(int line, List<String> fields) {}

  /**
   * The records of a text; lines end as they like. A quote that is not closed ends with the text.
   */
  static List<Entry> read(String text) {
    List<Entry> entries = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    int line = 1;
    int begun = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      line += c == '\n' ? 1 : 0;
      if (quoted) {
        if (c != '"') {
          field.append(c);
        } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
          field.append(c);
          i++;
        } else {
          quoted = false;
        }
      } else if (c == '"' && field.isEmpty()) {
        quoted = true;
      } else if (c == ',') {
        fields.add(field.toString());
        field.setLength(0);
      } else if (c == '\n') {
        fields.add(field.toString());
        field.setLength(0);
        entries.add(new Entry(begun, List.copyOf(fields)));
        fields.clear();
        begun = line;
      } else if (c != '\r') {
        field.append(c);
      }
    }
    if (!field.isEmpty() || !fields.isEmpty()) {
      fields.add(field.toString());
      entries.add(new Entry(begun, List.copyOf(fields)));
    }
    return entries.stream()
        .filter(entry -> entry.fields().stream().anyMatch(one -> !one.isBlank()))
        .toList();
  }
}
