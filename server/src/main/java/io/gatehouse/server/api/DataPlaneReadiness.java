// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import io.gatehouse.server.gateway.Gateway;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready is who has a data plane. Health is open to everyone, so it says no more than that. */
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
    return HealthCheckResponse.named("data-plane").status(gateway.view().connected()).build();
  }
}
