// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.ControlMethod;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.PeerAdded;
import io.gatehouse.control.PeerAddition;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.RpcCodec;
import io.gatehouse.control.RpcFormatException;
import io.gatehouse.control.RpcMessage;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The data plane's end of the control socket with a state that the test sets, for what a real one
 * cannot be brought to at will: being away, being silent, refusing. Speaks the real contract.
 */
public final class ScriptedDataPlane implements AutoCloseable {
  /** What a test wants to happen when a peer is added. */
  public interface Addition {
    GatewayStatus add(GatewayStatus now, PeerAddition addition) throws ControlException;
  }

  private final ServerSocketChannel server;
  private final Path socket;
  private final Addition addition;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
  private final Set<SocketChannel> subscribers = ConcurrentHashMap.newKeySet();
  private volatile GatewayStatus status;

  public ScriptedDataPlane(Path socket, GatewayStatus status, Addition addition)
      throws IOException {
    this.socket = socket;
    this.status = status;
    this.addition = addition;
    Files.deleteIfExists(socket);
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
    Thread.ofVirtual().start(this::speakAnyway);
  }

  public GatewayStatus status() {
    return status;
  }

  /** Sets the state and tells everyone who subscribed. */
  public void publish(GatewayStatus next) {
    status = next;
    for (SocketChannel subscriber : subscribers) {
      send(
          subscriber,
          new RpcMessage.Notification(ControlMethod.STATUS, (JsonObject) RecordCodec.write(next)));
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }

  /** The contract: something is said every ten seconds, also when nothing changes. */
  private void speakAnyway() {
    try {
      while (server.isOpen()) {
        Thread.sleep(5000);
        publish(status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException e) {
      // Closed: the test is over, or wants the data plane to be away.
      return;
    }
  }

  private void serve(SocketChannel connection) {
    try (connection;
        BufferedReader lines =
            new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answer(connection, (RpcMessage.Request) RpcCodec.decode(line));
      }
    } catch (IOException | RpcFormatException e) {
      // The console hung up, or the test ends.
      connections.remove(connection);
    } finally {
      subscribers.remove(connection);
    }
  }

  private void answer(SocketChannel connection, RpcMessage.Request request) {
    try {
      switch (request.method()) {
        case ControlMethod.STATUS -> send(connection, result(request, status));
        case ControlMethod.SUBSCRIBE -> {
          send(connection, result(request, status));
          subscribers.add(connection);
        }
        case ControlMethod.PEER_ADD -> {
          GatewayStatus next =
              addition.add(status, RecordCodec.read(request.params(), PeerAddition.class));
          send(connection, result(request, new PeerAdded(List.of())));
          publish(next);
        }
        default ->
            throw new ControlException(
                ControlException.METHOD_NOT_FOUND, request.method(), List.of());
      }
    } catch (ControlException e) {
      send(connection, new RpcMessage.Failure(request.id(), e));
    }
  }

  private static RpcMessage result(RpcMessage.Request request, Record value) {
    return new RpcMessage.Result(request.id(), RecordCodec.write(value));
  }

  private void send(SocketChannel connection, RpcMessage message) {
    ByteBuffer line =
        ByteBuffer.wrap((RpcCodec.encode(message) + "\n").getBytes(StandardCharsets.UTF_8));
    synchronized (connection) {
      try {
        while (line.hasRemaining()) {
          connection.write(line);
        }
      } catch (IOException e) {
        // The console hung up.
        subscribers.remove(connection);
      }
    }
  }
}
