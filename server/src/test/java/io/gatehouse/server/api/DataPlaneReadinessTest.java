// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.ConfigActivity;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.gateway.GatewayView;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DataPlaneReadinessTest {
  /** What a runtime does, and no more. */
  private static final class Builder extends HealthCheckResponseBuilder {
    private final Map<String, Object> data = new HashMap<>();
    private String name = "";
    private Status status = Status.DOWN;

    @Override
    public HealthCheckResponseBuilder name(String of) {
      name = of;
      return this;
    }

    @Override
    public HealthCheckResponseBuilder withData(String key, String value) {
      data.put(key, value);
      return this;
    }

    @Override
    public HealthCheckResponseBuilder withData(String key, long value) {
      data.put(key, value);
      return this;
    }

    @Override
    public HealthCheckResponseBuilder withData(String key, boolean value) {
      data.put(key, value);
      return this;
    }

    @Override
    public HealthCheckResponseBuilder up() {
      return status(true);
    }

    @Override
    public HealthCheckResponseBuilder down() {
      return status(false);
    }

    @Override
    public HealthCheckResponseBuilder status(boolean up) {
      status = up ? Status.UP : Status.DOWN;
      return this;
    }

    @Override
    public HealthCheckResponse build() {
      return new HealthCheckResponse(name, status, Optional.of(data));
    }
  }

  @BeforeEach
  void standInForTheRuntime() {
    HealthCheckResponse.setResponseProvider(Builder::new);
  }

  @AfterEach
  void standAside() {
    HealthCheckResponse.setResponseProvider(null);
  }

  private static Status ready(boolean connected, String refused) {
    GatewayStatus status =
        new GatewayStatus(
            "1",
            "/t",
            0,
            0,
            List.of(),
            Optional.empty(),
            Optional.of(GatewayStatus.PROTOCOL),
            Optional.of(new ConfigActivity(1, refused.isEmpty() ? 0 : 1, 7, refused)),
            Optional.empty(),
            Optional.empty());
    GatewayView view = new GatewayView(Optional.of(status), connected, Instant.EPOCH, "");
    Gateway gateway =
        new Gateway() {
          @Override
          public GatewayView view() {
            return view;
          }
        };
    return new DataPlaneReadiness(gateway).call().getStatus();
  }

  @Test
  void readyIsWhoHasADataPlaneThatRunsWhatItsFilesSay() {
    assertThat(ready(true, "")).isEqualTo(Status.UP);
    assertThat(ready(true, "wg0.conf:3: no such key")).isEqualTo(Status.DOWN);
    assertThat(ready(false, "")).isEqualTo(Status.DOWN);
  }
}
