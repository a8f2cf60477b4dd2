// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.CommitRequest;
import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.Restored;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** A change that goes back unless it is confirmed. There is one at a time. */
@Path("v1/commit")
@Tag(name = "commit")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class CommitResource {
  @Inject private DataPlane dataPlane;

  /** The one that waits; 404 if none does. */
  @GET
  @Needs(Action.LOOK)
  @Operation(operationId = "getCommit", summary = "The change that waits to be confirmed")
  public CommitStatus getCommit() throws IOException {
    return dataPlane
        .status()
        .commit()
        .orElseThrow(() -> Problem.notFound("change that waits to be confirmed"));
  }

  /** Begins one. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.CHANGE_SAFELY)
  @Operation(
      operationId = "beginCommit",
      summary = "From now on all changes go back unless somebody confirms in time")
  public CommitStatus beginCommit(
      @QueryParam("message") @DefaultValue("") String message,
      @Says(value = CommitRequest.class, without = "origin") Body body)
      throws IOException, ControlException {
    CommitRequest request = body.from(message).as(CommitRequest.class);
    return dataPlane.ask(client -> client.beginCommit(request));
  }

  /** Keeps what was changed. */
  @POST
  @Path("confirm")
  @Needs(Action.CHANGE_SAFELY)
  @Operation(operationId = "confirmCommit", summary = "Keep what was changed since it began")
  public CommitStatus confirmCommit() throws IOException, ControlException {
    return dataPlane.ask(client -> client.confirmCommit());
  }

  /** Takes back what was changed. */
  @POST
  @Path("revert")
  @Needs(Action.CHANGE_SAFELY)
  @Operation(operationId = "revertCommit", summary = "Go back at once")
  public Restored revertCommit() throws IOException, ControlException {
    return dataPlane.ask(client -> client.revertCommit());
  }
}
