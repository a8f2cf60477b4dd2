// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.datapath.Tunnel;
import java.io.IOException;

/** What comes and goes with a tunnel, such as its UAPI socket. */
public interface TunnelAttachment {
  /**
   * Called when a tunnel has started, before it is configured.
   *
   * @param changed to be called, on any thread, when it has changed the tunnel
   * @return closed before the tunnel is
   * @throws IOException if it cannot be; the tunnel is not brought up then
   */
  AutoCloseable attach(Tunnel tunnel, Runnable changed) throws IOException;
}
