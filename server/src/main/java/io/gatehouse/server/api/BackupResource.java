// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.BackupMade;
import io.gatehouse.control.ControlException;
import io.gatehouse.server.backup.Backups;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Backups of the gateway, encrypted before they come by here. */
@Path("v1/backup")
@Tag(name = "backup")
@ApplicationScoped
public class BackupResource {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @Inject private Backups backups;

  /** Makes one; 409 if no passphrase is set for it. */
  @POST
  @Needs(Action.BACK_UP)
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(
      operationId = "makeBackup",
      summary = "Make a backup, which only the passphrase opens that root has set")
  public Response makeBackup(@QueryParam("message") @DefaultValue("") String message)
      throws IOException, ControlException {
    BackupMade made = backups.make(Body.origin(message));
    StreamingOutput octets = out -> backups.write(made, out);
    return Response.ok(octets, MediaType.APPLICATION_OCTET_STREAM)
        .header(HttpHeaders.CONTENT_LENGTH, made.size())
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            "attachment; filename=\"gatehouse-"
                + TIME.format(Instant.ofEpochSecond(made.made()))
                + ".backup\"")
        .build();
  }
}
