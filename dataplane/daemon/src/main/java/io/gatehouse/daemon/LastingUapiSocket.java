// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.daemon.datapath.Tunnel;
import io.gatehouse.daemon.uapi.UapiDevice;
import io.gatehouse.daemon.uapi.UapiSocket;
import io.gatehouse.daemon.uapi.UapiSockets;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
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
  private final Runnable changed;
  private UapiSocket socket;
  private boolean closed;

  /**
   * Begins to serve.
   *
   * @param changed called after each change of the tunnel, on the thread of the client
   */
  LastingUapiSocket(UapiSockets sockets, Tunnel tunnel, Runnable changed) throws IOException {
    this.sockets = sockets;
    this.tunnel = tunnel;
    this.changed = changed;
    this.socket = serve();
  }

  /** Ends serving and removes the socket. */
  @Override
  public synchronized void close() {
    closed = true;
    socket.close();
  }

  private UapiSocket serve() throws IOException {
    UapiDevice device = PacketPath.steered(tunnel);
    UapiDevice heard =
        new UapiDevice() {
          @Override
          public DeviceSnapshot snapshot() {
            return device.snapshot();
          }

          @Override
          public void apply(DeviceChange change) throws LinuxException {
            device.apply(change);
            changed.run();
          }
        };
    return sockets.serve(tunnel.name(), heard, this::serveAgain);
  }

  private synchronized void serveAgain() {
    if (closed) {
      return;
    }
    LOG.warning(
        tunnel.name()
            + ": its UAPI socket was deleted and is made again; to end the tunnel, remove its"
            + " file");
    try {
      socket = serve();
    } catch (IOException e) {
      LOG.log(Level.SEVERE, tunnel.name() + ": has no UAPI socket now", e);
    }
  }
}
