// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import io.gatehouse.control.StatusChanges;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Serves the control socket. No client, however slow or wrong, holds up another one or the data
 * plane. Thread-safe.
 */
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ControlServer.class.getName());
  private static final int MOST_CLIENTS = 32;
  private static final long FAREWELL = TimeUnit.SECONDS.toNanos(2);
  private static final long HEARTBEAT = TimeUnit.SECONDS.toNanos(10);

  private final PrivateSocket socket;
  private final Gateway gateway;
  private final PeerCredentials credentials;
  private final Requests requests;
  private final Set<ControlConnection> clients = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private ControlServer(PrivateSocket socket, Gateway gateway, PeerCredentials credentials) {
    this.socket = socket;
    this.gateway = gateway;
    this.credentials = credentials;
    this.requests = new Requests(gateway);
  }

  /**
   * Starts serving.
   *
   * @param file the socket, mode 0660; its directory is made when missing
   * @param group group that may connect besides root and this user; empty for none
   * @throws IOException if another process serves it, the group does not exist, or the socket
   *     cannot be made
   */
  public static ControlServer start(Path file, String group, Gateway gateway) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent(), "an absolute path"));
    PrivateSocket socket;
    try {
      socket = PrivateSocket.bind(file, "rw-rw----", group);
    } catch (UserPrincipalNotFoundException e) {
      throw new IOException(
          "there is no group \""
              + group
              + "\" for the control socket: make it (groupadd --system "
              + group
              + ") or change gatehouse.control.group",
          e);
    }
    ControlServer server = new ControlServer(socket, gateway, new PeerCredentials(group));
    Thread.ofVirtual().name("control").start(server::acceptAll);
    Thread.ofVirtual().name("control-status").start(server::publish);
    return server;
  }

  /**
   * Stops serving, drops the clients and removes the socket. Whoever has just asked is answered,
   * unless that takes long.
   */
  @Override
  public void close() {
    closed = true;
    socket.close();
    List<ControlConnection> last = List.copyOf(clients);
    last.forEach(ControlConnection::hearNoMore);
    long end = System.nanoTime() + FAREWELL;
    for (ControlConnection client : last) {
      client.awaitEnd(end - System.nanoTime());
      client.close();
    }
    clients.forEach(ControlConnection::close);
  }

  private void acceptAll() {
    try {
      while (true) {
        SocketChannel client = socket.channel().accept();
        UnixDomainPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED);
        if (!credentials.allow(peer)) {
          LOG.warning(
              "control socket: user "
                  + peer.user().getName()
                  + " is turned away: neither root nor in the group of gatehouse.control.group");
          client.close();
        } else if (clients.size() >= MOST_CLIENTS) {
          LOG.warning("control socket: more than " + MOST_CLIENTS + " clients, one is turned away");
          client.close();
        } else {
          ControlConnection connection =
              ControlConnection.start(
                  client, credentials.caller(peer.user()), requests, clients::remove);
          clients.add(connection);
          if (closed || connection.hasEnded()) {
            connection.close();
            clients.remove(connection);
          }
        }
      }
    } catch (IOException e) {
      if (!closed) {
        LOG.log(Level.SEVERE, "the control socket failed", e);
      }
    }
  }

  /** Once a second: tells the subscribers what changed, and drops clients that do not read. */
  private void publish() {
    Optional<Snapshot> last = Optional.empty();
    long lastSent = System.nanoTime();
    try {
      while (!closed) {
        Thread.sleep(1000);
        long now = System.nanoTime();
        clients.stream().filter(client -> client.isStuck(now)).forEach(this::dropStuck);
        if (clients.stream().noneMatch(ControlConnection::isSubscribed)) {
          last = Optional.empty();
          continue;
        }
        Snapshot newest = new Snapshot(gateway.status(), now);
        if (last.filter(before -> isSame(before, newest)).isPresent()
            && now - lastSent < HEARTBEAT) {
          continue;
        }
        last = Optional.of(newest);
        lastSent = now;
        clients.forEach(client -> client.send(newest));
      }
    } catch (InterruptedException e) {
      LOG.log(Level.FINE, "interrupted", e);
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, "status notifications failed", e);
    }
  }

  private static boolean isSame(Snapshot before, Snapshot now) {
    return StatusChanges.between(before.status(), now.status(), 0, 0).isNothing(before.status());
  }

  private void dropStuck(ControlConnection client) {
    LOG.warning("control socket: a client does not read and is dropped");
    client.close();
  }
}
