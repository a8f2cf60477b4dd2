// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.chart;

import io.gatehouse.control.PeerStatus;
import io.gatehouse.server.gateway.RateArchive;
import io.gatehouse.server.gateway.Span;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;

/** The chart on the page of a tunnel or peer; its span stands in the address. */
@Named
@RequestScoped
public class ChartPart {
  @Inject private RateArchive archive;
  @Inject private Live live;
  private Span span = Span.HOUR;

  @PostConstruct
  void look() {
    String name = Request.parameter("span");
    span =
        Arrays.stream(Span.values())
            .filter(each -> each.name().equalsIgnoreCase(name))
            .findFirst()
            .orElse(Span.HOUR);
  }

  /** Of a tunnel. */
  public Chart of(String tunnel) {
    return chart(archive.tunnel(tunnel, span, now()));
  }

  /** Of a peer. */
  public Chart of(String tunnel, PeerStatus peer) {
    return chart(archive.peer(tunnel, peer.publicKey(), span, now()));
  }

  private Chart chart(List<RateArchive.Step> steps) {
    return new Chart(steps, span, live.texts(), ZoneId.systemDefault());
  }

  private long now() {
    return live.now().time() / 1000;
  }

  /** What can be chosen. */
  public List<Span> getSpans() {
    return List.of(Span.values());
  }

  public Span getSpan() {
    return span;
  }
}
