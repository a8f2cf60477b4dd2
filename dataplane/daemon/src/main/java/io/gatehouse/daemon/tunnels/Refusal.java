// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.Finding;
import java.util.List;

/** Why something that was asked for is not done. Nothing has changed. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Finding> findings;

  Refusal(List<Finding> findings) {
    super(findings.toString());
    this.findings = List.copyOf(findings);
  }

  Refusal(Finding finding) {
    this(List.of(finding));
  }

  List<Finding> findings() {
    return findings;
  }
}
