// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerStatus;
import io.gatehouse.control.QuotaStatus;
import io.gatehouse.server.api.Needs;
import io.gatehouse.server.api.PageResource;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;

/** The peers that a view shows, all of them, as a table for other programs. Holds no secret. */
@Path("peers.csv")
@ApplicationScoped
public class PeersCsv implements PageResource {
  private static final List<String> HEAD =
      List.of(
          "tunnel",
          "name",
          "public_key",
          "state",
          "endpoint",
          "allowed_ips",
          "last_handshake",
          "received_octets",
          "sent_octets",
          "expires",
          "quota_octets",
          "quota_period",
          "tags",
          "note");

  private final Gateway gateway;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected PeersCsv() {
    this(null);
  }

  /** Makes the resource. */
  @Inject
  public PeersCsv(Gateway gateway) {
    this.gateway = gateway;
  }

  /** Parameters as those of the page. */
  @GET
  @Needs(Action.LOOK)
  @Produces("text/csv; charset=utf-8")
  public Response table(
      @QueryParam("q") @DefaultValue("") String text,
      @QueryParam("tunnel") @DefaultValue("") String tunnel,
      @QueryParam("state") @DefaultValue("") String state,
      @QueryParam("sort") @DefaultValue("") String sort,
      @QueryParam("desc") @DefaultValue("") String descending) {
    PeerQuery query = PeerQuery.of(text, tunnel, state, sort, descending);
    StringBuilder table = new StringBuilder(Csv.line(HEAD));
    query
        .in(gateway.view().status().map(GatewayStatus::tunnels).orElse(List.of()))
        .forEach(row -> table.append(Csv.line(fields(row))));
    return Response.ok(table.toString())
        .header("Content-Disposition", "attachment; filename=\"peers.csv\"")
        .build();
  }

  static List<String> fields(PeerQuery.Row row) {
    PeerStatus peer = row.peer();
    return List.of(
        row.tunnel().name(),
        peer.name(),
        peer.publicKey(),
        peer.state().name(),
        peer.endpoint(),
        String.join(", ", peer.allowedIps()),
        time(peer.lastHandshake()),
        Long.toUnsignedString(peer.rxBytes()),
        Long.toUnsignedString(peer.txBytes()),
        time(peer.expires()),
        peer.quota().map(quota -> Long.toString(quota.limit())).orElse(""),
        peer.quota().map(QuotaStatus::period).orElse(""),
        String.join(", ", peer.tags()),
        peer.note());
  }

  private static String time(long seconds) {
    return seconds == 0 ? "" : Instant.ofEpochSecond(seconds).toString();
  }
}
