// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PacketExplanation;
import io.gatehouse.control.PacketQuestion;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The gateway as a whole. */
@Path("v1")
@Tag(name = "status")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class StatusResource {
  private static final int MATCHES = 12;

  @Inject private DataPlane dataPlane;

  /**
   * A tunnel or a peer that was found.
   *
   * @param tunnel its tunnel's name
   * @param name its own, or a peer's public key if it has none
   * @param peer its number; missing for a tunnel
   */
  public record Match(String tunnel, String name, Optional<Integer> peer) {}

  /** The status now; 503 while the data plane is away. */
  @GET
  @Path("status")
  @Needs(Action.LOOK)
  @Operation(operationId = "status", summary = "The whole status, with all tunnels and peers")
  public GatewayStatus status() throws IOException {
    return dataPlane.status();
  }

  /** The first matches, tunnels before peers. */
  @GET
  @Path("search")
  @Needs(Action.LOOK)
  @Operation(
      operationId = "search",
      summary = "Tunnels and peers by a part of a name, key or address")
  public List<Match> search(@QueryParam("q") @DefaultValue("") String text) throws IOException {
    String part = text.strip().toLowerCase(Locale.ROOT);
    List<TunnelStatus> tunnels = dataPlane.status().tunnels();
    return Stream.concat(
            tunnels.stream()
                .filter(tunnel -> holds(tunnel.name(), part))
                .map(tunnel -> new Match(tunnel.name(), tunnel.name(), Optional.empty())),
            tunnels.stream().flatMap(tunnel -> peers(tunnel, part)))
        .limit(MATCHES)
        .toList();
  }

  /** Which way a packet would go. */
  @GET
  @Path("explain")
  @Needs(Action.LOOK)
  @Operation(operationId = "explain", summary = "Which way a packet would go, and why")
  public PacketExplanation explain(
      @QueryParam("source") @DefaultValue("") String source,
      @QueryParam("destination") @DefaultValue("") String destination)
      throws IOException, ControlException {
    return dataPlane.ask(client -> client.explain(new PacketQuestion(source, destination)));
  }

  private static Stream<Match> peers(TunnelStatus tunnel, String part) {
    return tunnel.peers().stream()
        .filter(peer -> matches(peer, part))
        .map(
            peer ->
                new Match(
                    tunnel.name(),
                    peer.name().isEmpty() ? peer.publicKey() : peer.name(),
                    Optional.of(peer.number())));
  }

  /** Whether a peer has that part, in lower case, in its name, key, addresses or tags. */
  static boolean matches(PeerStatus peer, String part) {
    return holds(peer.name(), part)
        || holds(peer.publicKey(), part)
        || holds(peer.endpoint(), part)
        || peer.allowedIps().stream().anyMatch(prefix -> holds(prefix, part))
        || peer.tags().stream().anyMatch(tag -> holds(tag, part));
  }

  private static boolean holds(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part);
  }
}
