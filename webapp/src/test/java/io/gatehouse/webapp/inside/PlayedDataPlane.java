// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.inside;

import io.gatehouse.server.gateway.GatewayView;
import io.gatehouse.webapp.fake.FakeGateway;
import io.gatehouse.webapp.fake.Fleet;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A made-up data plane that comes and goes with the console, where the console looks for it. */
@ApplicationScoped
public class PlayedDataPlane {
  private final List<GatewayView> heard = new CopyOnWriteArrayList<>();

  @Inject
  @ConfigProperty(name = "gatehouse.control.socket")
  private Path socket;

  private FakeGateway gateway;

  void start(@Observes @Initialized(ApplicationScoped.class) Object event) throws IOException {
    come();
  }

  void hear(@Observes GatewayView view) {
    heard.add(view);
  }

  /** From now on it answers. */
  public synchronized void come() throws IOException {
    gateway = new FakeGateway(socket, Fleet.of(2));
  }

  /** From now on nobody answers. */
  @PreDestroy
  public synchronized void go() {
    try {
      gateway.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last edit that came to it. */
  public synchronized String edited() {
    return gateway.edited();
  }

  /** What the console has told its own services of it, in order. */
  public List<GatewayView> heard() {
    return heard;
  }
}
