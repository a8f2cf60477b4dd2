// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.gateway.Gateway;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds tunnels and peers by a part of a name, key or address. */
@Path("search")
@ApplicationScoped
public class SearchResource {
  private static final int MOST = 12;

  private final Gateway gateway;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected SearchResource() {
    this(null);
  }

  /** Makes the resource. */
  @Inject
  public SearchResource(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * The first matches, tunnels before peers: {@code [{"tunnel": "wg0", "peer": 3, "name":
   * "Lisbon"}]}; a tunnel has no {@code peer}.
   */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public String search(@QueryParam("q") @DefaultValue("") String text) {
    String part = text.strip().toLowerCase(Locale.ROOT);
    List<TunnelStatus> tunnels =
        gateway.view().status().map(GatewayStatus::tunnels).orElse(List.of());
    Stream<JsonObjectBuilder> found =
        Stream.concat(
            tunnels.stream()
                .filter(tunnel -> holds(tunnel.name(), part))
                .map(tunnel -> match(tunnel, tunnel.name())),
            tunnels.stream()
                .flatMap(
                    tunnel ->
                        tunnel.peers().stream()
                            .filter(peer -> matches(peer, part))
                            .map(
                                peer ->
                                    match(
                                            tunnel,
                                            peer.name().isEmpty() ? peer.publicKey() : peer.name())
                                        .add("peer", peer.number()))));
    JsonArrayBuilder matches = Json.createArrayBuilder();
    found.limit(MOST).forEach(matches::add);
    return matches.build().toString();
  }

  private static JsonObjectBuilder match(TunnelStatus tunnel, String name) {
    return Json.createObjectBuilder().add("tunnel", tunnel.name()).add("name", name);
  }

  private static boolean matches(PeerStatus peer, String part) {
    return holds(peer.name(), part)
        || holds(peer.publicKey(), part)
        || holds(peer.endpoint(), part)
        || peer.allowedIps().stream().anyMatch(prefix -> holds(prefix, part));
  }

  private static boolean holds(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part);
  }
}
