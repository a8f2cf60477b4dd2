// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.metrics.GatewayMetrics;
import io.gatehouse.control.metrics.MetricsForm;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.gateway.GatewayView;
import io.gatehouse.server.security.Action;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's metrics for a Prometheus on another machine, the same that the data plane serves.
 */
@Path("metrics")
@ApplicationScoped
public class MetricsResource implements PageResource {
  private final Gateway gateway;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected MetricsResource() {
    this(null);
  }

  /** Makes the resource. */
  @Inject
  public MetricsResource(Gateway gateway) {
    this.gateway = gateway;
  }

  /** The metrics now; 503 while the data plane is away, since old ones would be taken for new. */
  @GET
  @Needs(Action.LOOK)
  public Response metrics(@HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept) {
    GatewayView view = gateway.view();
    Optional<GatewayStatus> live = view.status().filter(status -> view.connected());
    if (live.isEmpty()) {
      return Response.status(Response.Status.SERVICE_UNAVAILABLE).build();
    }
    MetricsForm form = MetricsForm.wanted(accept);
    return Response.ok(GatewayMetrics.text(live.get(), form), form.contentType())
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}
