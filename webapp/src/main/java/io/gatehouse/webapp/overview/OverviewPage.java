// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.overview;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionList;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.live.Live;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Comparator;
import java.util.List;

/** The gateway at a glance. */
@Named
@RequestScoped
public class OverviewPage {
  private static final int CHANGES = 6;
  private static final List<String> SEVERITIES = List.of("ERROR", "WARNING", "NOTE");

  @Inject private Gateway gateway;
  @Inject private Live live;
  private Answer<RevisionList> changes = Answer.none();

  @PostConstruct
  void look() {
    if (live.isConnected()) {
      changes =
          Answer.of(
              gateway,
              live.texts(),
              dataPlane -> dataPlane.history(new RevisionRange("", CHANGES)));
    }
  }

  /** The tunnels by name. */
  public List<TunnelStatus> getTunnels() {
    return live.now().tunnels();
  }

  /** What is to be said about files, the worst first. */
  public List<FindingStatus> getFindings() {
    return getTunnels().stream()
        .flatMap(tunnel -> tunnel.findings().stream())
        .sorted(Comparator.comparingInt(finding -> SEVERITIES.indexOf(finding.severity())))
        .toList();
  }

  /** The newest changes of the tunnel directory. */
  public List<Revision> getChanges() {
    return changes.value().map(RevisionList::revisions).orElse(List.of());
  }

  /** Why there are no changes to show; empty when there are. */
  public String getRefusal() {
    return changes.refusal();
  }
}
