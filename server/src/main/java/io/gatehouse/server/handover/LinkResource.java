// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.handover;

import io.gatehouse.server.api.Needs;
import io.gatehouse.server.api.PageResource;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;

/** Makes links. */
@Path("links")
@ApplicationScoped
public class LinkResource implements PageResource {
  private static final int LONGEST_LABEL = 100;

  private final Links links;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected LinkResource() {
    this(null);
  }

  /** Makes the resource. */
  @Inject
  public LinkResource(Links links) {
    this.links = links;
  }

  /** Takes {@code {"sealed": BASE64, "label": "Phone", "hours": 24}}, gives {@code {"id": ...}}. */
  @POST
  @Needs(Action.EDIT_PEERS)
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Response make(String body) throws IOException {
    try {
      JsonObject wanted = Json.createReader(new StringReader(body)).readObject();
      String label = wanted.getString("label").replaceAll("\\p{Cntrl}", " ");
      String id =
          links.make(
              wanted.getString("sealed"),
              label.substring(0, Math.min(label.length(), LONGEST_LABEL)),
              Duration.ofHours(wanted.getInt("hours")));
      return Response.ok(Json.createObjectBuilder().add("id", id).build().toString()).build();
    } catch (JsonException | NullPointerException | ClassCastException e) {
      return refused("not a link: sealed, label and hours are needed");
    } catch (Links.Full e) {
      return refused(String.valueOf(e.getMessage()));
    }
  }

  private static Response refused(String message) {
    return Response.status(Response.Status.BAD_REQUEST)
        .entity(Json.createObjectBuilder().add("message", message).build().toString())
        .build();
  }
}
