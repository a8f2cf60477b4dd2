// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

/** A value that wg(8) or wg-quick(8) refuses; the reader turns it into a finding with its line. */
final class BadValue extends Exception {
  private static final long serialVersionUID = 1L;

  final transient FindingCode code;
  final transient Object[] details;

  BadValue(FindingCode code, Object... details) {
    super(code.code(), null, false, false);
    this.code = code;
    this.details = details;
  }
}
