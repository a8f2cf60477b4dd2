// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

/** For how long rates are kept, and how finely. */
public enum Span {
  /** An hour, in steps of ten seconds. */
  HOUR(10, 360),
  /** 24 hours, in steps of five minutes. */
  DAY(300, 288),
  /** 30 days, in steps of two hours. */
  MONTH(7200, 360);

  private final int seconds;
  private final int slots;

  Span(int seconds, int slots) {
    this.seconds = seconds;
    this.slots = slots;
  }

  /** Of one step. */
  public int seconds() {
    return seconds;
  }

  /** How many steps. */
  public int slots() {
    return slots;
  }

  /** The number of the step that a Unix time falls in. */
  int period(long time) {
    return (int) (time / seconds);
  }
}
