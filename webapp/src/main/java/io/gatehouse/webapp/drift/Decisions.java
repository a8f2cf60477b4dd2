// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.drift;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.webapp.live.Live;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** Where something is decided that a finding complains of. */
@Named
@RequestScoped
public class Decisions {
  @Inject private Live live;

  /** The address of the part of a page that decides; empty if nothing is to be decided. */
  public String address(FindingStatus finding) {
    String part =
        switch (finding.code()) {
          case "DRIFT" -> "drift";
          case "HELD-BACK", "WAITS-FOR-APPROVAL" -> "held";
          default -> "";
        };
    return part.isEmpty()
        ? ""
        : live.now().tunnels().stream()
            .filter(tunnel -> tunnel.file().equals(finding.file()))
            .findFirst()
            .map(tunnel -> "/tunnel?name=" + tunnel.name() + "#" + part)
            .orElse("");
  }
}
