// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.UnixListener;
import io.gatehouse.linux.UnixStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One served UAPI socket. Thread-safe. */
public final class UapiSocket implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(UapiSocket.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final UnixListener listener;
  private final String name;
  private final UapiDevice device;
  private final Runnable gone;
  private final Consumer<UapiSocket> forget;
  private final Clients allClients;
  private final RequestMemory memory;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Set<UnixStream> clients = ConcurrentHashMap.newKeySet();

  private UapiSocket(
      UnixListener listener,
      String name,
      UapiDevice device,
      Runnable gone,
      Consumer<UapiSocket> forget,
      Clients allClients,
      RequestMemory memory) {
    this.listener = listener;
    this.name = name;
    this.device = device;
    this.gone = gone;
    this.forget = forget;
    this.allClients = allClients;
    this.memory = memory;
  }

  static UapiSocket serve(
      UnixListener listener,
      String name,
      UapiDevice device,
      Runnable gone,
      Consumer<UapiSocket> forget,
      Clients allClients,
      RequestMemory memory) {
    UapiSocket socket = new UapiSocket(listener, name, device, gone, forget, allClients, memory);
    Thread.ofPlatform().daemon().name("uapi-" + name).start(socket::acceptAll);
    return socket;
  }

  /** Stops serving, drops the clients and removes the file. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      forget.accept(this);
      listener.close();
      clients.forEach(UnixStream::close);
    }
  }

  /** Closes and says so when the file is no longer ours. */
  void checkFile() {
    if (!listener.isReachable() && !closed.get()) {
      close();
      gone.run();
    }
  }

  private void acceptAll() {
    while (!closed.get()) {
      try {
        Optional<UnixStream> client = listener.accept();
        if (client.isEmpty()) {
          return;
        }
        take(client.get());
      } catch (LinuxException e) {
        LOG.log(Level.WARNING, name + ": a UAPI client could not be accepted", e);
        // Out of descriptors: trying at once again would only burn time.
        pause();
      }
    }
  }

  private void take(UnixStream client) {
    client.timeout(PATIENCE);
    clients.add(client);
    allClients
        .add(client)
        .ifPresent(
            oldest ->
                LOG.warning(
                    name + ": too many UAPI clients, the one that came first is turned away"));
    Thread.ofPlatform().daemon().name("uapi-client-" + name).start(() -> serve(client));
    if (closed.get()) {
      client.close();
    }
  }

  private void serve(UnixStream client) {
    try (client) {
      new UapiConnection(name, device, client.inputStream(), client.outputStream(), memory).serve();
    } catch (IOException e) {
      LOG.log(Level.FINE, name + ": a UAPI client is gone", e);
    } finally {
      clients.remove(client);
      allClients.remove(client);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
