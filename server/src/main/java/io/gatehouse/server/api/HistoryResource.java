// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.Restoration;
import io.gatehouse.control.Restored;
import io.gatehouse.control.RevisionChoice;
import io.gatehouse.control.RevisionDiff;
import io.gatehouse.control.RevisionList;
import io.gatehouse.control.RevisionPair;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.control.RevisionShown;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The history of the tunnel directory. */
@Path("v1/history")
@Tag(name = "history")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class HistoryResource {
  @Inject private DataPlane dataPlane;

  /** A page of it. */
  @GET
  @Needs(Action.LOOK)
  @Operation(
      operationId = "listRevisions",
      summary = "A page of the history, the newest first; the last id is the next page's before")
  public RevisionList listRevisions(
      @QueryParam("before") @DefaultValue("") String before,
      @QueryParam("limit") @DefaultValue("50") Count limit)
      throws IOException, ControlException {
    RevisionRange range = new RevisionRange(before, limit.atMost(RevisionRange.LARGEST));
    return dataPlane.ask(client -> client.history(range));
  }

  /** One revision. */
  @GET
  @Path("{revision}")
  @Needs(Action.LOOK)
  @Operation(operationId = "getRevision", summary = "A revision and what it changed, keys hidden")
  public RevisionShown getRevision(@PathParam("revision") String revision)
      throws IOException, ControlException {
    return dataPlane.ask(client -> client.revision(new RevisionChoice(revision)));
  }

  /** What differs between two. */
  @GET
  @Path("{revision}/diff/{other}")
  @Needs(Action.LOOK)
  @Operation(
      operationId = "diffRevisions",
      summary = "What differs from one revision to another, keys hidden")
  public RevisionDiff diffRevisions(
      @PathParam("revision") String from, @PathParam("other") String to)
      throws IOException, ControlException {
    return dataPlane.ask(client -> client.difference(new RevisionPair(from, to)));
  }

  /** Goes back to one. */
  @POST
  @Path("{revision}/restore")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.RESTORE_REVISION)
  @Operation(
      operationId = "restoreRevision",
      summary = "Write one file, or with an empty name all files, as they were")
  public Restored restoreRevision(
      @PathParam("revision") String revision,
      @QueryParam("message") @DefaultValue("") String message,
      @Says(
              value = Restoration.class,
              without = {"revision", "origin"})
          Body body)
      throws IOException, ControlException {
    Restoration restoration = body.with("revision", revision).from(message).as(Restoration.class);
    return dataPlane.ask(client -> client.restore(restoration));
  }
}
