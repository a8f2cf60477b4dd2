// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.gateway.GatewayView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** The gateway's status as JSON, in the words of {@link GatewayStatus}. */
@Path("status")
@ApplicationScoped
public class StatusResource {
  private final Gateway gateway;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected StatusResource() {
    this(null);
  }

  /** Makes the resource. */
  @Inject
  public StatusResource(Gateway gateway) {
    this.gateway = gateway;
  }

  /** The status now; 503 while the data plane is away, since an old one would be taken for new. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Response status() {
    GatewayView view = gateway.view();
    Optional<GatewayStatus> live = view.status().filter(status -> view.connected());
    return live.isPresent()
        ? Response.ok(RecordCodec.write(live.get()).toString()).build()
        : Response.status(Response.Status.SERVICE_UNAVAILABLE).build();
  }
}
