// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.metrics;

import java.util.List;

/**
 * Writes samples as the text format of Prometheus 0.0.4 or as OpenMetrics 1.0. For one page; not
 * thread-safe.
 */
final class Exposition {
  /** A label and its value, which may be any text. */
  record Label(String name, String value) {}

  private final MetricsForm form;
  private final StringBuilder text = new StringBuilder(4096);
  private String family = "";

  Exposition(MetricsForm form) {
    this.form = form;
  }

  /** Begins a count that only rises; its samples must follow. */
  void counter(String name, String help) {
    begin(form == MetricsForm.OPENMETRICS ? name : name + "_total", "counter", help);
    family = name + "_total";
  }

  /** Begins a level; its samples must follow. */
  void gauge(String name, String help) {
    begin(name, "gauge", help);
    family = name;
  }

  private void begin(String said, String type, String help) {
    text.append("# HELP ").append(said).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(said).append(' ').append(type).append('\n');
  }

  /**
   * A sample of the family begun last.
   *
   * @param value unsigned, as all counters are
   */
  void sample(List<Label> labels, long value) {
    text.append(family);
    for (int i = 0; i < labels.size(); i++) {
      text.append(i == 0 ? '{' : ',').append(labels.get(i).name()).append("=\"");
      escape(labels.get(i).value());
      text.append('"');
    }
    text.append(labels.isEmpty() ? " " : "} ").append(Long.toUnsignedString(value)).append('\n');
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      switch (value.charAt(i)) {
        case '\\' -> text.append("\\\\");
        case '"' -> text.append("\\\"");
        case '\n' -> text.append("\\n");
        default -> text.append(value.charAt(i));
      }
    }
  }

  /** The page. */
  String end() {
    if (form == MetricsForm.OPENMETRICS) {
      text.append("# EOF\n");
    }
    return text.toString();
  }
}
