// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.diagnose;

import io.gatehouse.control.DropStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import io.gatehouse.webapp.live.Subject;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why packets went no further, by peer and reason; and a guided look at one peer. */
@Named
@RequestScoped
public class DiagnosePage {
  private static final int MOST = 100;

  /**
   * What was dropped for one reason.
   *
   * @param tunnel of which tunnel
   * @param peer of which peer; null when it belongs to no known one
   * @param drop reason and count
   */
  public record Row(TunnelStatus tunnel, @Nullable PeerStatus peer, DropStatus drop) {}

  /** A peer to choose. */
  public record Choice(String subject, String label) {}

  @Inject private Live live;
  private String subject = "";
  private Optional<TunnelStatus> tunnel = Optional.empty();
  private Optional<PeerStatus> peer = Optional.empty();

  @PostConstruct
  void look() {
    subject = Request.parameter("peer");
    int slash = subject.indexOf('/');
    if (slash > 0 && subject.substring(slash + 1).matches("[0-9]{1,9}")) {
      tunnel = live.now().tunnel(subject.substring(0, slash));
      peer =
          live.now()
              .peer(subject.substring(0, slash), Integer.parseInt(subject.substring(slash + 1)));
    }
  }

  /** What was dropped, the most frequent first. */
  public List<Row> getRows() {
    List<Row> rows = new ArrayList<>();
    for (TunnelStatus each : live.now().tunnels()) {
      each.drops().forEach(drop -> rows.add(new Row(each, null, drop)));
      for (PeerStatus one : each.peers()) {
        one.drops().forEach(drop -> rows.add(new Row(each, one, drop)));
      }
    }
    rows.sort(Comparator.comparingLong((Row row) -> row.drop().count()).reversed());
    return rows.subList(0, Math.min(MOST, rows.size()));
  }

  /** The peers that have no session, to choose from. */
  public List<Choice> getChoices() {
    return live.now().tunnels().stream()
        .flatMap(
            each ->
                each.peers().stream()
                    .filter(one -> !one.state().name().equals("UP"))
                    .map(one -> new Choice(Subject.of(each, one).toString(), label(each, one))))
        .limit(MOST)
        .toList();
  }

  private static String label(TunnelStatus tunnel, PeerStatus peer) {
    return tunnel.name() + " \u203a " + (peer.name().isEmpty() ? peer.publicKey() : peer.name());
  }

  /** The peer that is looked at; null when none was chosen. */
  public @Nullable PeerStatus getPeer() {
    return peer.orElse(null);
  }

  /** Its tunnel; null when none was chosen. */
  public @Nullable TunnelStatus getTunnel() {
    return tunnel.orElse(null);
  }

  /** What it is called. */
  public String getLabel() {
    return tunnel.flatMap(t -> peer.map(p -> label(t, p))).orElse("");
  }

  /** The questions about it, answered. */
  public List<Check> getChecks() {
    return tunnel.flatMap(t -> peer.map(p -> Check.of(t, p))).orElse(List.of());
  }

  /** The name of its cells; empty when none was chosen. */
  public String getSubject() {
    return subject;
  }
}
