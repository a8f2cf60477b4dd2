// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import java.util.Locale;

/** By which way a change of the tunnel directory came. */
public enum ChangeSource {
  /** Somebody or something wrote into the directory. */
  FILE,
  /** The pages of the console. */
  CONSOLE,
  /** The console's REST interface. */
  REST,
  /** The command {@code gatehouse}. */
  COMMAND_LINE,
  /** A program at the control socket that does not say which it is. */
  PROGRAM,
  /** The data plane itself, such as when nobody confirmed. */
  GATEHOUSE;

  /** For people, such as {@code command line}. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
