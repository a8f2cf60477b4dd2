// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.settings;

import java.util.Locale;

/**
 * One thing that an administrator can set. Nearly all are read at the start of the process that
 * uses them alone, so a change needs its restart.
 *
 * @param name of the property, {@code gatehouse.*}
 * @param standard its value while nobody gives one; works
 * @param values what may be given
 * @param process who reads it
 * @param restart whether a change waits for the restart of that process; otherwise one in the
 *     settings file takes effect within seconds
 * @param about what it does, for the page and for the file in {@code etc/}; plain text
 */
public record Setting(
    String name, String standard, Values values, Part process, boolean restart, String about) {
  Setting(String name, String standard, Values values, Part process, String about) {
    this(name, standard, values, process, true, about);
  }

  /** The process that reads a setting, and so has to be restarted for it. */
  public enum Part {
    /** The data plane. */
    DATA_PLANE("data plane"),
    /** The console. */
    CONSOLE("console"),
    /** Either for itself. */
    BOTH("both");

    private final String words;

    Part(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }

    /** Whether this process reads what is read by the other. */
    boolean reads(Part readers) {
      return this == readers || this == BOTH || readers == BOTH;
    }
  }

  /** The variable of the environment that gives it: capitals, with underscores. */
  public String variable() {
    return name.replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
