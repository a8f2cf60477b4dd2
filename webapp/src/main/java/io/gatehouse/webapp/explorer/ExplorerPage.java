// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.explorer;

import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.PacketExplanation;
import io.gatehouse.control.PacketQuestion;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import io.gatehouse.webapp.pending.Pending;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which way a packet would go, and why. The question stands in the address. */
@Named
@RequestScoped
public class ExplorerPage {
  /** A question to try. */
  public record Example(String source, String destination, PeerStatus peer) {}

  @Inject private Gateway gateway;
  @Inject private Live live;
  @Inject private Pending pending;
  private String source = "";
  private String destination = "";
  private Answer<PacketExplanation> answer = Answer.none();
  private Answer<FilesChanged> then = Answer.none();

  @PostConstruct
  void look() {
    source = Request.parameter("source");
    destination = Request.parameter("destination");
    if (!source.isEmpty() && !destination.isEmpty()) {
      answer =
          Answer.of(
              gateway,
              live.texts(),
              dataPlane -> dataPlane.explain(new PacketQuestion(source, destination)));
    }
    if (answer.value().isPresent() && pending.getChanges() > 0) {
      then =
          Answer.of(gateway, live.texts(), dataPlane -> dataPlane.edit(pending.request(true, "")));
    }
  }

  /** Whether changes wait, and what they would do can be said. */
  public boolean isForeseen() {
    return then.value().isPresent();
  }

  /** Who has the address now, by the networks of peers; null for nobody. */
  public @Nullable Owner getOwner() {
    return Owner.now(live.now().tunnels(), destination).orElse(null);
  }

  /** Who would have it once all that waits is applied; null for nobody. */
  public @Nullable Owner getNextOwner() {
    return then.value()
        .flatMap(FilesChanged::plan)
        .flatMap(plan -> Owner.then(live.now().tunnels(), plan.tunnels(), destination))
        .orElse(null);
  }

  /** The way; null when none was asked for, or there was no answer. */
  public @Nullable PacketExplanation getExplanation() {
    return answer.value().orElse(null);
  }

  /** Why there is no answer; else empty. */
  public String getRefusal() {
    return answer.refusal();
  }

  /** The number of the peer that gets the packet, 0 when none does. */
  public int getPeerNumber() {
    return answer
        .value()
        .flatMap(
            way ->
                live.now().tunnel(way.tunnel()).stream()
                    .flatMap(tunnel -> tunnel.peers().stream())
                    .filter(peer -> peer.publicKey().equals(way.peer()))
                    .findFirst())
        .map(PeerStatus::number)
        .orElse(0);
  }

  /** From the gateway's own address to the first address of a peer, for some tunnels. */
  public List<Example> getExamples() {
    return live.now().tunnels().stream()
        .filter(tunnel -> !tunnel.addresses().isEmpty())
        .map(ExplorerPage::example)
        .flatMap(Optional::stream)
        .limit(3)
        .toList();
  }

  private static Optional<Example> example(TunnelStatus tunnel) {
    String own = address(tunnel.addresses().getFirst());
    return tunnel.peers().stream()
        .filter(peer -> !peer.allowedIps().isEmpty())
        .filter(peer -> peer.allowedIps().getFirst().contains(":") == own.contains(":"))
        .findFirst()
        .map(peer -> new Example(own, address(peer.allowedIps().getFirst()), peer));
  }

  private static String address(String prefix) {
    return prefix.replaceFirst("/.*", "");
  }

  public String getSource() {
    return source;
  }

  public String getDestination() {
    return destination;
  }
}
