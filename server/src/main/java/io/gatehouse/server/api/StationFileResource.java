// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.StationFile;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;

/** The MIB and what stations import, for the root that the data plane serves. */
@Path("monitoring")
@ApplicationScoped
public class StationFileResource implements PageResource {
  private final Gateway gateway;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected StationFileResource() {
    this(null);
  }

  /** Makes the resource. */
  @Inject
  public StationFileResource(Gateway gateway) {
    this.gateway = gateway;
  }

  /** A file to keep; 404 if there is none of that name, 503 without a data plane. */
  @GET
  @Needs(Action.LOOK)
  @Path("{name}")
  @Produces(MediaType.TEXT_PLAIN)
  public Response file(@PathParam("name") String name) {
    try {
      StationFile file = gateway.ask(dataPlane -> dataPlane.monitoringFile(name));
      return Response.ok(file.text(), MediaType.TEXT_PLAIN + ";charset=UTF-8")
          .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + file.name() + "\"")
          .build();
    } catch (ControlException e) {
      return Response.status(Response.Status.NOT_FOUND).build();
    } catch (IOException e) {
      return Response.status(Response.Status.SERVICE_UNAVAILABLE).build();
    }
  }
}
