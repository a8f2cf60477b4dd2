// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.GatewayStatus;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the data plane, for the whole application: made at start, made again whenever
 * it is lost. Each change is an event of type {@link GatewayView}, delivered in order on a thread
 * of the connection.
 */
@ApplicationScoped
public class Gateway {
  private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  // The data plane speaks every ten seconds in any case; one that misses two is not well.
  private static final Duration SILENCE = Duration.ofSeconds(25);

  private final Path socket;
  private final DataPlaneGate gate;
  private final @Nullable Event<GatewayView> changes;
  private volatile GatewayView view =
      new GatewayView(Optional.empty(), false, Instant.now(), "not connected yet");
  private volatile @Nullable ControlClient client;
  private volatile @Nullable Thread keeper;
  private volatile long lastHeard;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected Gateway() {
    this(Path.of(""), null, null);
  }

  /** Makes the connection's keeper; it connects when the application starts. */
  @Inject
  public Gateway(
      @ConfigProperty(name = "gatehouse.control.socket") Path socket,
      DataPlaneGate gate,
      @Nullable Event<GatewayView> changes) {
    this.socket = socket;
    this.gate = gate;
    this.changes = changes;
  }

  void start(@Observes Startup event) {
    keeper = Thread.ofVirtual().name("gateway").start(this::keepConnected);
  }

  @PreDestroy
  void stop() {
    Thread thread = keeper;
    if (thread != null) {
      thread.interrupt();
    }
    ControlClient open = client;
    if (open != null) {
      open.close();
    }
  }

  /** What is known now. */
  public GatewayView view() {
    return view;
  }

  /** What to ask the data plane. */
  @FunctionalInterface
  public interface Question<T> {
    /** Asks over the connection there is. */
    T ask(ControlClient dataPlane) throws IOException, ControlException;
  }

  /**
   * Asks the data plane, and waits for its answer. Each request passes {@link DataPlaneGate}.
   *
   * @throws ControlException when the data plane refuses; the findings say why
   * @throws IOException when there is no data plane to ask
   * @throws io.gatehouse.server.security.Forbidden when the caller may not ask for this
   */
  public <T> T ask(Question<T> question) throws IOException, ControlException {
    ControlClient open = client;
    if (open == null) {
      throw new IOException("the data plane is not connected: " + view.trouble());
    }
    return question.ask(open);
  }

  private void keepConnected() {
    Duration pause = SHORTEST_PAUSE;
    while (!Thread.currentThread().isInterrupted()) {
      String trouble;
      try (ControlClient fresh = ControlClient.connect(socket, gate)) {
        accept(fresh.subscribe(this::accept));
        client = fresh;
        pause = SHORTEST_PAUSE;
        trouble = waitForEnd(fresh);
      } catch (IOException e) {
        trouble = String.valueOf(e.getMessage());
      } catch (ControlException e) {
        trouble = "the data plane refused to be watched: " + e.message();
      } catch (InterruptedException e) {
        return;
      } finally {
        client = null;
      }
      lose(trouble);
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  private String waitForEnd(ControlClient open) throws InterruptedException {
    CompletableFuture<Void> closed = open.closed().toCompletableFuture();
    while (true) {
      try {
        closed.get(5, TimeUnit.SECONDS);
        return "the data plane ended the connection";
      } catch (ExecutionException e) {
        return "the connection broke: " + e.getMessage();
      } catch (TimeoutException e) {
        if (System.nanoTime() - lastHeard > SILENCE.toNanos()) {
          return "the data plane has said nothing for " + SILENCE.toSeconds() + " s";
        }
      }
    }
  }

  private synchronized void accept(GatewayStatus status) {
    lastHeard = System.nanoTime();
    GatewayView old = view;
    if (old.connected() && old.status().filter(s -> s.time() > status.time()).isPresent()) {
      // The answer to "subscribe" may come to us after the first notification.
      return;
    }
    if (!old.connected()) {
      LOG.log(System.Logger.Level.INFO, "connected to the data plane at {0}", socket);
    }
    publish(
        new GatewayView(
            Optional.of(status), true, old.connected() ? old.since() : Instant.now(), ""));
  }

  private synchronized void lose(String trouble) {
    GatewayView old = view;
    if (old.connected() || !old.trouble().equals(trouble)) {
      LOG.log(System.Logger.Level.WARNING, "no data plane: {0}", trouble);
      publish(
          new GatewayView(
              old.status(), false, old.connected() ? Instant.now() : old.since(), trouble));
    }
  }

  private void publish(GatewayView next) {
    view = next;
    if (changes != null) {
      changes.fire(next);
    }
  }
}
