// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.metrics;

import org.jspecify.annotations.Nullable;

/** The two text formats, which differ in a few lines. */
public enum MetricsForm {
  /** Prometheus 0.0.4: what every scraper understands. */
  PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),
  /** OpenMetrics 1.0, for those who ask for it. */
  OPENMETRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private final String contentType;

  MetricsForm(String contentType) {
    this.contentType = contentType;
  }

  /** What the answer's Content-Type is to say. */
  public String contentType() {
    return contentType;
  }

  /** The form that the Accept header of a request asks for; there may be none. */
  public static MetricsForm wanted(@Nullable String accept) {
    return accept != null && accept.contains("application/openmetrics-text")
        ? OPENMETRICS
        : PROMETHEUS;
  }
}
