// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import io.gatehouse.daemon.socket.PrivateSocket;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One served UAPI socket. Thread-safe. */
public final class UapiSocket implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(UapiSocket.class.getName());
  private static final int MOST_CLIENTS = 64;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final PrivateSocket socket;
  private final String name;
  private final UapiDevice device;
  private final Runnable gone;
  private final BiConsumer<String, UapiSocket> forget;
  private final AtomicBoolean closed = new AtomicBoolean();
  // Each client with the time until which it may take.
  private final Map<SocketChannel, Long> clients = new ConcurrentHashMap<>();

  private UapiSocket(
      PrivateSocket socket,
      String name,
      UapiDevice device,
      Runnable gone,
      BiConsumer<String, UapiSocket> forget) {
    this.socket = socket;
    this.name = name;
    this.device = device;
    this.gone = gone;
    this.forget = forget;
  }

  static UapiSocket bind(
      Path file,
      String name,
      UapiDevice device,
      Runnable gone,
      BiConsumer<String, UapiSocket> forget)
      throws IOException {
    UapiSocket served =
        new UapiSocket(PrivateSocket.bind(file, "rw-------"), name, device, gone, forget);
    Thread.ofVirtual().name("uapi-" + name).start(served::acceptAll);
    Thread.ofVirtual().name("uapi-patience-" + name).start(served::dropTheSlow);
    return served;
  }

  /** Stops serving, drops the clients and removes the file. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      forget.accept(name, this);
      socket.close();
      clients.keySet().forEach(this::drop);
    }
  }

  /** Closes and says so when the file is no longer ours. */
  void checkFile() {
    if (!socket.fileIsOurs() && !closed.get()) {
      close();
      gone.run();
    }
  }

  private void acceptAll() {
    ServerSocketChannel channel = socket.channel();
    try {
      while (true) {
        SocketChannel client = channel.accept();
        if (clients.size() >= MOST_CLIENTS) {
          LOG.warning(name + ": more than " + MOST_CLIENTS + " UAPI clients, one is turned away");
          drop(client);
          continue;
        }
        clients.put(client, System.nanoTime() + PATIENCE);
        Thread.ofVirtual().name("uapi-client-" + name).start(() -> serve(client));
      }
    } catch (IOException e) {
      if (!closed.get()) {
        LOG.log(Level.SEVERE, name + ": the UAPI socket failed", e);
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      new UapiConnection(
              name, device, client, () -> clients.replace(client, System.nanoTime() + PATIENCE))
          .serve();
    } catch (IOException e) {
      LOG.log(Level.FINE, name + ": a UAPI client hung up", e);
    } finally {
      clients.remove(client);
    }
  }

  private void dropTheSlow() {
    try {
      while (!closed.get()) {
        Thread.sleep(1000);
        long now = System.nanoTime();
        clients.forEach(
            (client, deadline) -> {
              if (now - deadline > 0) {
                drop(client);
              }
            });
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it.
    }
  }

  private void drop(SocketChannel client) {
    try {
      client.close();
    } catch (IOException e) {
      LOG.log(Level.FINE, name + ": closing a UAPI client", e);
    }
  }
}
