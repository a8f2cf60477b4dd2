// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.Approval;
import io.gatehouse.control.Approved;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.TunnelChanged;
import io.gatehouse.control.TunnelChoice;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tunnels as they run. What their files say is in {@link FilesResource}. */
@Path("v1/tunnels")
@Tag(name = "tunnels")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class TunnelsResource {
  @Inject private DataPlane dataPlane;

  /** All of them. */
  @GET
  @Needs(Action.LOOK)
  @Operation(operationId = "listTunnels", summary = "All tunnels, without their peers")
  public List<TunnelStatus> listTunnels() throws IOException {
    return dataPlane.status().tunnels().stream().map(TunnelStatus::withoutPeers).toList();
  }

  /** One of them. */
  @GET
  @Path("{tunnel}")
  @Needs(Action.LOOK)
  @Operation(operationId = "getTunnel", summary = "A tunnel, without its peers")
  public TunnelStatus getTunnel(@PathParam("tunnel") String tunnel) throws IOException {
    return dataPlane.tunnel(tunnel).withoutPeers();
  }

  /** Brings it up. */
  @POST
  @Path("{tunnel}/up")
  @Needs(Action.SWITCH_TUNNEL)
  @Operation(operationId = "upTunnel", summary = "Bring a tunnel up that was taken down")
  public TunnelChanged upTunnel(
      @PathParam("tunnel") String tunnel, @QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    TunnelChoice choice = choice(tunnel, message);
    return dataPlane.ask(client -> client.up(choice));
  }

  /** Takes it down. */
  @POST
  @Path("{tunnel}/down")
  @Needs(Action.SWITCH_TUNNEL)
  @Operation(operationId = "downTunnel", summary = "Take a tunnel down, and keep it down")
  public TunnelChanged downTunnel(
      @PathParam("tunnel") String tunnel, @QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    TunnelChoice choice = choice(tunnel, message);
    return dataPlane.ask(client -> client.down(choice));
  }

  /** Lets its file be applied. */
  @POST
  @Path("{tunnel}/approve")
  @Needs(Action.APPROVE_FILES)
  @Operation(
      operationId = "approveTunnel",
      summary = "Let a file be applied that waits for approval or is held back")
  public Approved approveTunnel(@PathParam("tunnel") String tunnel)
      throws IOException, ControlException {
    dataPlane.tunnel(tunnel);
    return dataPlane.ask(client -> client.approve(new Approval(List.of(tunnel))));
  }

  private TunnelChoice choice(String tunnel, String message) throws IOException {
    return new TunnelChoice(dataPlane.tunnel(tunnel).name(), Optional.of(Body.origin(message)));
  }
}
