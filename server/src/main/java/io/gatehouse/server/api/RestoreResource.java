// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.RestoreBegun;
import io.gatehouse.control.RestoreChoice;
import io.gatehouse.control.RestorePreview;
import io.gatehouse.control.RestoreQuestion;
import io.gatehouse.control.RestoreReceived;
import io.gatehouse.server.backup.Backups;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The way back from a backup: sent, looked at, restored. */
@Path("v1/restore")
@Tag(name = "backup")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class RestoreResource {
  @Inject private Backups backups;
  @Inject private DataPlane dataPlane;

  /** Takes a backup; changes nothing. */
  @POST
  @Needs(Action.RESTORE_BACKUP)
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(
      operationId = "sendBackup",
      summary = "Send a backup, to be looked at and restored within ten minutes")
  public RestoreReceived sendBackup(InputStream octets) throws IOException, ControlException {
    return backups.send(octets);
  }

  /** Says what it would change. */
  @POST
  @Path("{id}/preview")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.RESTORE_BACKUP)
  @Operation(
      operationId = "previewRestore",
      summary = "Open a backup that was sent, and say what a restore would change")
  public RestorePreview previewRestore(
      @PathParam("id") String id,
      @Says(
              value = RestoreQuestion.class,
              without = {"id", "sealed"})
          Body body)
      throws IOException, ControlException {
    RestoreQuestion question = body.with("id", id).as(RestoreQuestion.class);
    return dataPlane.ask(client -> client.lookAtBackup(question));
  }

  /** Restores it. */
  @POST
  @Path("{id}")
  @Needs(Action.RESTORE_BACKUP)
  @Operation(
      operationId = "applyRestore",
      summary = "Restore a backup that was looked at; the data plane begins anew")
  public RestoreBegun applyRestore(
      @PathParam("id") String id, @QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    RestoreChoice choice = new RestoreChoice(id, Optional.of(Body.origin(message)));
    return dataPlane.ask(client -> client.restoreBackup(choice));
  }
}
