// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.Aead;
import java.util.function.Supplier;

/**
 * How tunnels move packets; the same for all tunnels of a process.
 *
 * @param udp socket options and offloads
 * @param aead makes an engine; asked once for each packet thread, as an engine belongs to one
 * @param queues how many queues to make a TUN device with, at least 1
 * @param workers who help packet threads with more than they manage; shared by all tunnels
 * @param carried what all these tunnels have carried
 */
public record TunnelOptions(
    UdpSocket.Options udp, Supplier<Aead> aead, int queues, Workers workers, Carried carried) {
  /** That nothing was carried by yet. */
  public TunnelOptions(UdpSocket.Options udp, Supplier<Aead> aead, int queues, Workers workers) {
    this(udp, aead, queues, workers, new Carried());
  }

  /** One queue, and no help. */
  public TunnelOptions(UdpSocket.Options udp, Supplier<Aead> aead) {
    this(udp, aead, 1, Workers.none());
  }
}
