// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

import io.gatehouse.control.DropStatus;
import io.gatehouse.control.OffloadStatus;
import io.gatehouse.control.TunnelChanged;
import io.gatehouse.control.TunnelChoice;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import io.gatehouse.webapp.live.Values;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One tunnel in full. */
@Named
@RequestScoped
public class TunnelPage {
  @Inject private Gateway gateway;
  @Inject private Live live;
  private String name = "";

  /** Before anything else, for what can be done depends on which tunnel it is. */
  @PostConstruct
  void look() {
    name = Request.parameter("name");
  }

  /** The tunnel; null when there is none of that name. */
  public @Nullable TunnelStatus getTunnel() {
    return live.now().tunnel(name).orElse(null);
  }

  /** Takes the tunnel down until it is brought up again. */
  public void takeDown() {
    change("tunnel.down.done", dataPlane -> dataPlane.down(choice()));
  }

  /** Brings the tunnel up. */
  public void bringUp() {
    change("tunnel.up.done", dataPlane -> dataPlane.up(choice()));
  }

  private TunnelChoice choice() {
    return new TunnelChoice(name, Optional.of(Request.origin("")));
  }

  private void change(String done, Gateway.Question<TunnelChanged> question) {
    Answer<TunnelChanged> answer = Answer.of(gateway, live.texts(), question);
    if (answer.value().isPresent()) {
      Request.tell(live.texts().of(done, name));
    } else {
      Request.complain(answer.refusal());
    }
  }

  /** Which network goes to which peer. */
  public NetworkMap getMap() {
    TunnelStatus tunnel = getTunnel();
    return tunnel == null ? new NetworkMap(List.of(), 0) : NetworkMap.of(tunnel);
  }

  /** What was dropped that belongs to no known peer, the most frequent first. */
  public List<DropStatus> getDrops() {
    TunnelStatus tunnel = getTunnel();
    return tunnel == null
        ? List.of()
        : tunnel.drops().stream()
            .sorted(Comparator.comparingLong(DropStatus::count).reversed())
            .toList();
  }

  /** How an offload fares, in words. */
  public String text(OffloadStatus offload) {
    return offload.isNotable()
        ? new Values(live.texts()).offload(offload)
        : live.texts().orElse("offload." + offload.name(), offload.name());
  }

  public String getName() {
    return name;
  }
}
