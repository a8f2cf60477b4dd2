// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

/** Work that must not take processor time from anything else. */
public final class Background {
  private static final int PRIO_PROCESS = 0;
  private static final int LEAST_URGENT = 19;

  private Background() {}

  /**
   * From now on the calling thread runs when nothing else wants to (niceness 19, setpriority(2)).
   * Where the system refuses, nothing changes.
   */
  public static void enter() {
    // On Linux "this process" means the calling thread.
    LibC.setpriority(PRIO_PROCESS, 0, LEAST_URGENT);
  }
}
