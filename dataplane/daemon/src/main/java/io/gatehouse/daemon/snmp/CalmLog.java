// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.snmp4j.log.LogAdapter;
import org.snmp4j.log.LogFactory;
import org.snmp4j.log.LogLevel;

/**
 * SNMP4J's log, limited in rate. The library reports every malformed packet, so without a limit
 * anyone who can send packets could fill the disk.
 *
 * <p>At most {@value #BURST} messages at once and one more each second; what was left out is
 * counted and said with the next one. Below warnings nothing is logged: the library's debug text
 * holds whole messages.
 */
final class CalmLog extends LogFactory {
  static final int BURST = 10;
  private static final long REFILL_NANOS = 1_000_000_000L;

  private static final CalmLog SHARED = new CalmLog(System::nanoTime);

  private final LongSupplier nanoTime;
  private long tokens = BURST;
  private long refilled;
  private long suppressed;

  CalmLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.refilled = nanoTime.getAsLong();
  }

  /** Makes SNMP4J log here. Must come before the first use of the library to see all of it. */
  static void install() {
    LogFactory.setLogFactory(SHARED);
  }

  /**
   * Asks for a place in the log.
   *
   * @return how many messages were left out since the last one that had a place, or -1 for no place
   */
  synchronized long admit() {
    long now = nanoTime.getAsLong();
    long earned = (now - refilled) / REFILL_NANOS;
    if (earned > 0) {
      tokens = Math.min(BURST, tokens + earned);
      refilled += earned * REFILL_NANOS;
    }
    if (tokens == 0) {
      suppressed++;
      return -1;
    }
    tokens--;
    long before = suppressed;
    suppressed = 0;
    return before;
  }

  @Override
  protected LogAdapter createLogger(Class<?> type) {
    return new Adapter(type.getName());
  }

  @Override
  protected LogAdapter createLogger(String name) {
    return new Adapter(name);
  }

  @Override
  public LogAdapter getRootLogger() {
    return new Adapter("org.snmp4j");
  }

  private final class Adapter implements LogAdapter {
    private final Logger log;

    Adapter(String name) {
      log = Logger.getLogger(name);
    }

    // Never an error by rank: what a stranger's packet can cause is no fault of this process.
    private void warn(Object message, @Nullable Throwable cause) {
      long before = admit();
      if (before < 0) {
        return;
      }
      String left = before == 0 ? "" : " (" + before + " messages before this were left out)";
      log.warn("SNMP: " + message + left, cause);
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return false;
    }

    @Override
    public boolean isWarnEnabled() {
      return log.isEnabled(Logger.Level.WARN);
    }

    @Override
    public void debug(Serializable message) {}

    @Override
    public void info(CharSequence message) {}

    @Override
    public void warn(Serializable message) {
      warn(message, null);
    }

    @Override
    public void error(Serializable message) {
      warn(message, null);
    }

    @Override
    public void error(CharSequence message, Throwable throwable) {
      warn(message, throwable);
    }

    @Override
    public void fatal(Object message) {
      warn(message, null);
    }

    @Override
    public void fatal(CharSequence message, Throwable throwable) {
      warn(message, throwable);
    }

    @Override
    public void setLogLevel(LogLevel level) {}

    @Override
    public LogLevel getLogLevel() {
      return LogLevel.WARN;
    }

    @Override
    public LogLevel getEffectiveLogLevel() {
      return LogLevel.WARN;
    }

    @Override
    public String getName() {
      return log.getName();
    }

    @Override
    public Iterator<?> getLogHandler() {
      return Collections.emptyIterator();
    }
  }
}
