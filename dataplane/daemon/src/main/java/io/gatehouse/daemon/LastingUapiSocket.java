// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.daemon.datapath.Tunnel;
import io.gatehouse.daemon.uapi.UapiSocket;
import io.gatehouse.daemon.uapi.UapiSockets;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The UAPI socket of a tunnel that comes from a file. When somebody deletes it, it is made again:
 * such a tunnel ends with its file, not with its socket.
 */
final class LastingUapiSocket implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(LastingUapiSocket.class.getName());

  private final UapiSockets sockets;
  private final Tunnel tunnel;
  private UapiSocket socket;
  private boolean closed;

  LastingUapiSocket(UapiSockets sockets, Tunnel tunnel) throws IOException {
    this.sockets = sockets;
    this.tunnel = tunnel;
    this.socket = serve();
  }

  /** Ends serving and removes the socket. */
  @Override
  public synchronized void close() {
    closed = true;
    socket.close();
  }

  private UapiSocket serve() throws IOException {
    return sockets.serve(tunnel.name(), PacketPath.steered(tunnel), this::serveAgain);
  }

  private synchronized void serveAgain() {
    if (closed) {
      return;
    }
    LOG.warning(
        tunnel.name()
            + ": its UAPI socket was deleted and is made again; to end the tunnel, remove its file");
    try {
      socket = serve();
    } catch (IOException e) {
      LOG.log(Level.SEVERE, tunnel.name() + ": has no UAPI socket now", e);
    }
  }
}
