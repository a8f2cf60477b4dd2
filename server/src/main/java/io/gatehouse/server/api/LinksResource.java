// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.server.handover.Links;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The links that hand over a client's file once. Who makes one has sealed the file before. */
@Path("v1/links")
@Tag(name = "links")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class LinksResource {
  private static final int LONGEST_LABEL = 100;

  @Inject private Links links;

  /**
   * A file to be handed over.
   *
   * @param sealed 12 octets of nonce, then the file by AES-256-GCM with a key that stays with its
   *     maker; base64
   * @param label whose file it is, for lists and the audit
   * @param hours until the link ends, at most 168
   */
  public record Sealed(String sealed, String label, int hours) {}

  /**
   * A link that was just made.
   *
   * @param id opens it, once; nobody can show it again
   */
  public record Made(String id) {
    /** Without the id. */
    @Override
    public String toString() {
      return "(hidden)";
    }
  }

  /** Those that wait. */
  @GET
  @Needs(Action.EDIT_PEERS)
  @Operation(operationId = "listLinks", summary = "Links that wait, the first to end first")
  public List<Links.Link> listLinks() throws IOException {
    return links.list();
  }

  /** Makes one. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Action.EDIT_PEERS)
  @Operation(
      operationId = "makeLink",
      summary = "Keep a sealed file, and make a link to it, whose id is shown this once")
  public Made makeLink(@Says(Sealed.class) Body body) throws IOException {
    Sealed file = body.as(Sealed.class);
    String label = file.label().replaceAll("\\p{Cntrl}", " ");
    try {
      return new Made(
          links.make(
              file.sealed(),
              label.substring(0, Math.min(label.length(), LONGEST_LABEL)),
              Duration.ofHours(file.hours())));
    } catch (Links.Full e) {
      throw Problem.unprocessable(String.valueOf(e.getMessage()));
    }
  }

  /** Takes one back. */
  @DELETE
  @Path("{id}")
  @Needs(Action.EDIT_PEERS)
  @Operation(operationId = "revokeLink", summary = "Take a link back, by its handle")
  public void revokeLink(@PathParam("id") String handle) throws IOException {
    if (links.list().stream().noneMatch(link -> link.handle().equals(handle))) {
      throw Problem.notFound("link " + handle);
    }
    links.revoke(handle);
  }
}
