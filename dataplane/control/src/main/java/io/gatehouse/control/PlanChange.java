// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

/** What a plan does to something. */
public enum PlanChange {
  /** It is not there yet. */
  ADDED("+"),
  /** It is there, but otherwise. */
  CHANGED("~"),
  /** It is there and goes. */
  REMOVED("-");

  private final String sign;

  PlanChange(String sign) {
    this.sign = sign;
  }

  /** What a line for people begins with. */
  public String sign() {
    return sign;
  }
}
