// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.DriftLine;
import io.gatehouse.control.TunnelChanged;
import io.gatehouse.control.TunnelChoice;
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

/** What runs otherwise than a tunnel's file says. */
@Path("v1/tunnels/{tunnel}/drift")
@Tag(name = "drift")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class DriftResource {
  @Inject private DataPlane dataPlane;

  /** All of it. */
  @GET
  @Needs(Action.LOOK)
  @Operation(operationId = "listDrift", summary = "What runs otherwise than the file says")
  public List<DriftLine> listDrift(@PathParam("tunnel") String tunnel) throws IOException {
    return dataPlane.tunnel(tunnel).drift();
  }

  /** Goes back to the file. */
  @POST
  @Path("take-file")
  @Needs(Action.SWITCH_TUNNEL)
  @Operation(operationId = "takeFile", summary = "Make the tunnel what its file says again")
  public TunnelChanged takeFile(
      @PathParam("tunnel") String tunnel, @QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    TunnelChoice choice = choice(tunnel, message);
    return dataPlane.ask(client -> client.takeFile(choice));
  }

  /** Keeps it in the file. */
  @POST
  @Path("take-running")
  @Needs(Action.KEEP_RUNNING)
  @Operation(operationId = "takeRunning", summary = "Write what runs into the file")
  public TunnelChanged takeRunning(
      @PathParam("tunnel") String tunnel, @QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    TunnelChoice choice = choice(tunnel, message);
    return dataPlane.ask(client -> client.takeRunning(choice));
  }

  /** Keeps it beside the file. */
  @POST
  @Path("ignore")
  @Needs(Action.KEEP_RUNNING)
  @Operation(operationId = "ignoreDrift", summary = "Leave what runs otherwise as it is")
  public TunnelChanged ignoreDrift(
      @PathParam("tunnel") String tunnel, @QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    TunnelChoice choice = choice(tunnel, message);
    return dataPlane.ask(client -> client.ignoreDrift(choice));
  }

  private TunnelChoice choice(String tunnel, String message) throws IOException {
    return new TunnelChoice(dataPlane.tunnel(tunnel).name(), Optional.of(Body.origin(message)));
  }
}
