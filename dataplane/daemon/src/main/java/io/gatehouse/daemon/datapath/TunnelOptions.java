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
 */
public record TunnelOptions(UdpSocket.Options udp, Supplier<Aead> aead) {}
