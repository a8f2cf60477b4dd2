// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.metrics;

import java.util.List;

/**
 * Writes samples as the text format of Prometheus 0.0.4 or as OpenMetrics 1.0. For one page; not
 * thread-safe.
 */
final class Exposition {
  /** The two forms, which differ in a few lines. */
  enum Form {
    /** What every scraper understands. */
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),
    /** Asked for by the Accept header. */
    OPENMETRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    Form(String contentType) {
      this.contentType = contentType;
    }

    String contentType() {
      return contentType;
    }
  }

  /** A label and its value, which may be any text. */
  record Label(String name, String value) {}

  private final Form form;
  private final StringBuilder text = new StringBuilder(4096);
  private String family = "";

  Exposition(Form form) {
    this.form = form;
  }

  /** Begins a count that only rises; its samples must follow. */
  void counter(String name, String help) {
    begin(form == Form.OPENMETRICS ? name : name + "_total", "counter", help);
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
    if (form == Form.OPENMETRICS) {
      text.append("# EOF\n");
    }
    return text.toString();
  }
}
