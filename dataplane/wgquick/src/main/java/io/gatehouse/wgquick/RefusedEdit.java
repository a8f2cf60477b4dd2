// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

/** An edit that was not made, and why. The document is as it was. */
public final class RefusedEdit extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient Finding finding;

  /** Refuses for a reason. */
  public RefusedEdit(Finding finding) {
    super(finding.toString());
    this.finding = finding;
  }

  /** The reason, with the value and what to do. Never shows a secret. */
  public Finding finding() {
    return finding;
  }
}
