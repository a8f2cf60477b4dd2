// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.control.ConfigActivity;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.gateway.GatewayView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready is who has a data plane that runs what its files say: none of them was refused when it was
 * taken last. Health is open to everyone, so it says no more than that.
 */
@Readiness
@ApplicationScoped
public class DataPlaneReadiness implements HealthCheck {
  private final Gateway gateway;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected DataPlaneReadiness() {
    this(null);
  }

  /** Makes the check. */
  @Inject
  public DataPlaneReadiness(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public HealthCheckResponse call() {
    GatewayView view = gateway.view();
    boolean applied =
        view.status()
            .flatMap(GatewayStatus::config)
            .map(ConfigActivity::error)
            .orElse("")
            .isEmpty();
    return HealthCheckResponse.named("data-plane")
        .withData("connected", view.connected())
        .withData("configuration-applied", view.connected() && applied)
        .status(view.connected() && applied)
        .build();
  }
}
