// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.gateway.GatewayView;
import io.gatehouse.webapp.Texts;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Map;
import org.primefaces.PrimeFaces;

/** What the tunnels page shows, taken once per request so that its parts agree. */
@Named
@RequestScoped
public class TunnelsPage {
  @Inject private Gateway gateway;
  private GatewayView view;
  private Map<String, Cell> cells;

  @PostConstruct
  void look() {
    view = gateway.view();
    cells = view.status().map(Cells::of).orElse(Map.of());
  }

  /** The tunnels by name. */
  public List<TunnelStatus> getTunnels() {
    return view.status().map(GatewayStatus::tunnels).orElse(List.of());
  }

  /** Whether a data plane was ever seen. */
  public boolean isKnown() {
    return view.status().isPresent();
  }

  /** Whether what is shown is of now. */
  public boolean isLive() {
    return view.connected();
  }

  /** Unix milliseconds of when the data plane came or went. */
  public long getSince() {
    return view.since().toEpochMilli();
  }

  /** Unix milliseconds of now, by this machine's clock. */
  public long getTime() {
    return System.currentTimeMillis();
  }

  /** Where files are dropped. */
  public String getDirectory() {
    return view.status().map(GatewayStatus::tunnelDirectory).orElse("");
  }

  /** A cell of a tunnel. */
  public Cell tunnelCell(TunnelStatus tunnel, String name) {
    return cell(tunnel.name() + "/" + name);
  }

  /** A cell of a peer. */
  public Cell peerCell(TunnelStatus tunnel, PeerStatus peer, String name) {
    return cell(tunnel.name() + "/" + peer.number() + "/" + name);
  }

  private Cell cell(String name) {
    return cells.getOrDefault(name, Cell.of(Texts.of("none")));
  }

  /** A mark that changes when the tunnel's part of the page must be made anew. */
  public String mark(TunnelStatus tunnel) {
    return Outline.mark(tunnel);
  }

  /** Whether the file cannot be applied but an earlier state of it runs. */
  public boolean runsOnLastGood(TunnelStatus tunnel) {
    return tunnel.ifIndex() != 0
        && tunnel.findings().stream().anyMatch(finding -> finding.severity().equals("ERROR"));
  }

  /** {@code file:line}, or the file alone. */
  public String place(FindingStatus finding) {
    return finding.file() + (finding.line() > 0 ? ":" + finding.line() : "");
  }

  /** Enough of a key to tell it from others. */
  public String shortKey(String key) {
    return key.length() > 12 ? key.substring(0, 10) + "\u2026" : key;
  }

  /** Makes the part of one tunnel anew, or the whole list when that tunnel is not on it. */
  public void refresh() {
    String name =
        FacesContext.getCurrentInstance()
            .getExternalContext()
            .getRequestParameterMap()
            .getOrDefault("tunnel", "");
    List<String> names = getTunnels().stream().map(TunnelStatus::name).toList();
    int index = names.indexOf(name);
    PrimeFaces.current()
        .ajax()
        .update(index < 0 ? "page:list" : "page:tunnels:" + index + ":tunnel");
  }
}
