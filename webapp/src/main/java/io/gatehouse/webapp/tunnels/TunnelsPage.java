// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.webapp.live.Live;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** All tunnels, each with its first peers. */
@Named
@RequestScoped
public class TunnelsPage {
  private static final int SHOWN = 12;

  @Inject private Live live;

  /** The tunnels by name. */
  public List<TunnelStatus> getTunnels() {
    return live.now().tunnels();
  }

  /** So many of a tunnel's peers as the list shows. */
  public List<PeerStatus> first(TunnelStatus tunnel) {
    return tunnel.peers().subList(0, Math.min(SHOWN, tunnel.peers().size()));
  }

  /** Whether a tunnel has more peers than are shown. */
  public boolean hasMore(TunnelStatus tunnel) {
    return tunnel.peers().size() > SHOWN;
  }

  /** Whether the file cannot be applied but an earlier state of it runs. */
  public boolean runsOnLastGood(TunnelStatus tunnel) {
    return tunnel.ifIndex() != 0
        && tunnel.findings().stream().anyMatch(finding -> finding.severity().equals("ERROR"));
  }
}
