// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Events as lines of the log, which the journal keeps: the name, then {@code key="value"} for what
 * it is about.
 */
public final class LogSink implements EventSink {
  private static final Logger LOG = Logger.getLogger(LogSink.class.getName());

  @Override
  public boolean isWanted() {
    return true;
  }

  @Override
  public void accept(Event event) {
    LOG.log(event.severity() == Event.Severity.WARNING ? Level.WARNING : Level.INFO, line(event));
  }

  static String line(Event event) {
    return event.about().entrySet().stream()
        .filter(about -> !about.getValue().isEmpty())
        .map(about -> " " + about.getKey() + "=\"" + printable(about.getValue()) + '"')
        .collect(Collectors.joining("", event.name(), ""));
  }

  // A line stays one line, whatever a file's comments say.
  private static String printable(String value) {
    return value.replaceAll("[\\p{Cntrl}]", " ").replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
