// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The log of the process: one readable line for each event, to standard error. */
final class Log {
  static {
    // Before the first logger is made. The platform's own manager would drop its handlers in a
    // shutdown hook, together with everything that is said about the end.
    System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
  }

  // Loggers are held weakly by the platform; this keeps the levels set below.
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger OURS = Logger.getLogger("io.gatehouse");

  private Log() {}

  /** The logger of a main class: whoever asks here first has the manager below. */
  static Logger of(Class<?> main) {
    return Logger.getLogger(main.getName());
  }

  /** The same for a main class that logs nothing itself. */
  static void install() {
    var _ = of(Log.class);
  }

  /**
   * Sends records from this level up to standard error; libraries get a word only from WARNING up.
   */
  static void open(Level level) {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    ConsoleHandler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new OneLine());
    ROOT.addHandler(handler);
    ROOT.setLevel(level.equals(Level.OFF) ? Level.OFF : Level.WARNING);
    OURS.setLevel(level);
  }

  /** Keeps its handlers until the process is gone. */
  public static final class LastingLogManager extends LogManager {
    @Override
    public void reset() {
      // On purpose nothing; see above.
    }
  }

  /** {@code 2026-01-31T12:00:00+01:00 INFO message}, and the trace below when there is one. */
  static final class OneLine extends Formatter {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx")
            .withZone(ZoneId.systemDefault());

    @Override
    public String format(LogRecord entry) {
      StringBuilder line = new StringBuilder(160);
      TIME.formatTo(Instant.ofEpochMilli(entry.getMillis()), line);
      // No line break or escape sequence of a stranger's text reaches a terminal or another line.
      String message = formatMessage(entry).replaceAll("\\p{Cntrl}", "?");
      line.append(" ").append(String.format("%-7s ", entry.getLevel().getName())).append(message);
      Throwable thrown = entry.getThrown();
      if (thrown != null) {
        line.append(": ").append(thrown.toString().replaceAll("\\p{Cntrl}", "?"));
        if (entry.getLevel().intValue() >= Level.SEVERE.intValue()
            && !(thrown instanceof java.io.IOException)) {
          for (StackTraceElement element : thrown.getStackTrace()) {
            line.append("\n    at ").append(element);
          }
        }
      }
      return line.append('\n').toString();
    }
  }
}
