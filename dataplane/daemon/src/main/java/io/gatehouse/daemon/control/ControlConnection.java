// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.FileText;
import io.gatehouse.control.LineReader;
import io.gatehouse.control.LineReader.LineTooLongException;
import io.gatehouse.control.RpcCodec;
import io.gatehouse.control.RpcMessage;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One client of the control socket: a thread that reads and carries out, and one that sends. */
final class ControlConnection {
  /** Longest request in octets: a whole file with every other character escaped. */
  static final int LONGEST_REQUEST = 2 * FileText.LARGEST;

  private static final Logger LOG = Logger.getLogger(ControlConnection.class.getName());
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  private final SocketChannel channel;
  private final Caller caller;
  private final Requests requests;
  private final Consumer<ControlConnection> ended;
  private final Outbox outbox = new Outbox();
  private final CountDownLatch over = new CountDownLatch(1);
  // How the newest status is told; nothing is told before somebody subscribes.
  private volatile Optional<Function<Snapshot, String>> subscription = Optional.empty();
  // When the write under way began; 0 when none is.
  private volatile long writingSince;

  private ControlConnection(
      SocketChannel channel, Caller caller, Requests requests, Consumer<ControlConnection> ended) {
    this.channel = channel;
    this.caller = caller;
    this.requests = requests;
    this.ended = ended;
  }

  /**
   * Starts serving.
   *
   * @param channel blocking; belongs to the connection from now on
   * @param caller who is at its other end
   * @param ended called once at the end
   */
  static ControlConnection start(
      SocketChannel channel, Caller caller, Requests requests, Consumer<ControlConnection> ended) {
    ControlConnection connection = new ControlConnection(channel, caller, requests, ended);
    Thread.ofVirtual().name("control-read").start(connection::readAll);
    Thread.ofVirtual().name("control-write").start(connection::writeAll);
    return connection;
  }

  boolean isSubscribed() {
    return subscription.isPresent();
  }

  /** Tells of a status, as soon as there is room to send it. Never waits. */
  synchronized void send(Snapshot newest) {
    subscription.ifPresent(told -> outbox.notification(() -> told.apply(newest)));
  }

  private synchronized void subscribe(Optional<Function<Snapshot, String>> told) {
    outbox.forgetNotification();
    subscription = told;
  }

  /** Whether a write has been under way for too long. */
  boolean isStuck(long now) {
    long since = writingSince;
    return since != 0 && now - since > PATIENCE;
  }

  /** Takes no further request; ends once those before are answered. */
  void hearNoMore() {
    try {
      channel.shutdownInput();
    } catch (IOException e) {
      LOG.log(Level.FINE, "a control client hung up", e);
    }
  }

  /** Waits until it has ended, for so many nanoseconds at most. */
  void awaitEnd(long nanos) {
    try {
      var _ = over.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it is over; then it needs no closing. */
  boolean hasEnded() {
    return !channel.isOpen();
  }

  void close() {
    outbox.close();
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.FINE, "closing a control client", e);
    }
  }

  private void readAll() {
    try {
      LineReader lines = new LineReader(channel, LONGEST_REQUEST);
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        AtomicReference<@Nullable Function<Snapshot, String>> wanted = new AtomicReference<>();
        Optional<String> answer =
            requests.answer(
                line.get(),
                caller,
                told -> {
                  // Nothing is told behind the answer that the answer has already.
                  subscribe(Optional.empty());
                  wanted.set(told);
                });
        if (answer.isPresent()) {
          outbox.answer(answer.get());
        }
        Optional.ofNullable(wanted.get()).ifPresent(told -> subscribe(Optional.of(told)));
      }
    } catch (LineTooLongException e) {
      refuse("a request is longer than " + LONGEST_REQUEST + " octets");
    } catch (IOException e) {
      LOG.log(Level.FINE, "a control client hung up", e);
    } catch (InterruptedException e) {
      LOG.log(Level.FINE, "interrupted", e);
    } finally {
      outbox.close();
    }
  }

  private void refuse(String reason) {
    try {
      outbox.answer(
          RpcCodec.encode(
              new RpcMessage.Failure(
                  JsonValue.NULL,
                  new ControlException(ControlException.INVALID_REQUEST, reason, List.of()))));
    } catch (InterruptedException e) {
      LOG.log(Level.FINE, "interrupted", e);
    }
  }

  private void writeAll() {
    try {
      for (Optional<String> line = outbox.take(); line.isPresent(); line = outbox.take()) {
        ByteBuffer octets = ByteBuffer.wrap((line.get() + "\n").getBytes(StandardCharsets.UTF_8));
        // Zero means "not writing", so a clock that happens to show it is moved by one.
        writingSince = System.nanoTime() | 1;
        while (octets.hasRemaining()) {
          channel.write(octets);
        }
        writingSince = 0;
      }
    } catch (IOException e) {
      LOG.log(Level.FINE, "a control client hung up", e);
    } catch (InterruptedException e) {
      LOG.log(Level.FINE, "interrupted", e);
    } finally {
      close();
      ended.accept(this);
      over.countDown();
    }
  }
}
