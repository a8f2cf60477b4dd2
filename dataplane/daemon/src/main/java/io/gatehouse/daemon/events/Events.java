// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.events;

import io.gatehouse.control.GatewayStatus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Looks at the gateway every other second, as long as somebody wants events, and takes what has
 * happened to the sinks, within the {@link EventLimit limit}. Thread-safe.
 */
public final class Events implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Events.class.getName());
  private static final long LOOK_SECONDS = 2;

  /** How soon it is noticed that somebody wants events: an idle gateway is to wake seldom. */
  private static final long IDLE_SECONDS = 10;

  /** Told by others and not yet taken to the sinks; more are held back. */
  private static final int WAITING = 1000;

  private final Supplier<GatewayStatus> status;
  private final LongSupplier nanoTime;
  private final EventLimit limit;
  private final List<EventSink> sinks = new CopyOnWriteArrayList<>();
  private final Semaphore waiting = new Semaphore(WAITING);
  private final ScheduledExecutorService thread;
  private StatusWatch watch = new StatusWatch();
  private boolean watching;

  private Events(
      Supplier<GatewayStatus> status, LongSupplier nanoTime, ScheduledExecutorService thread) {
    this.status = status;
    this.nanoTime = nanoTime;
    this.thread = thread;
    this.limit = new EventLimit(nanoTime.getAsLong());
  }

  /**
   * Begins to look.
   *
   * @param status the gateway's; called from the thread of the events
   */
  public static Events start(Supplier<GatewayStatus> status) {
    Events events =
        new Events(
            status,
            System::nanoTime,
            Executors.newSingleThreadScheduledExecutor(
                task -> Thread.ofPlatform().name("events").daemon().unstarted(task)));
    events.lookAgain();
    return events;
  }

  /** From now on a sink gets events. */
  public void add(EventSink sink) {
    sinks.add(sink);
  }

  /** Takes an event to the sinks soon. Any thread; returns at once. */
  public void happened(Event event) {
    if (!isWanted()) {
      return;
    }
    if (!waiting.tryAcquire()) {
      limit.holdBack();
      return;
    }
    try {
      thread.execute(
          () -> {
            waiting.release();
            say(event);
          });
    } catch (RejectedExecutionException e) {
      // Closed meanwhile.
    }
  }

  /** How many events the limit held back since the start. */
  public long heldBack() {
    return limit.heldBack();
  }

  private boolean isWanted() {
    return sinks.stream().anyMatch(EventSink::isWanted);
  }

  private void lookAgain() {
    try {
      var _ =
          thread.schedule(
              () -> {
                look();
                lookAgain();
              },
              isWanted() ? LOOK_SECONDS : IDLE_SECONDS,
              TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      // Closed meanwhile.
    }
  }

  private void look() {
    if (!isWanted()) {
      watching = false;
      return;
    }
    if (!watching) {
      // What happened while nobody wanted to know is no news.
      watch = new StatusWatch();
      watching = true;
    }
    try {
      watch.look(status.get(), nanoTime.getAsLong()).forEach(this::say);
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, "events could not be looked for this time", e);
    }
  }

  private void say(Event event) {
    // A test is asked for by hand, and says nothing if it is held back.
    if (!(event instanceof Event.Test) && !limit.admits(nanoTime.getAsLong())) {
      return;
    }
    for (EventSink sink : sinks) {
      if (sink.isWanted()) {
        try {
          sink.accept(event);
        } catch (RuntimeException e) {
          LOG.log(Level.WARNING, event.name() + " was not taken to everybody", e);
        }
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
