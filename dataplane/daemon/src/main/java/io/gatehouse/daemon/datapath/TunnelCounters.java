// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

/**
 * What went through the interface of a tunnel since it was made, as IF-MIB counts.
 *
 * @param rxBytes octets of IP packets given to the interface
 * @param txBytes octets of IP packets taken from the interface
 * @param rxPackets IP packets given to the interface
 * @param txPackets IP packets taken from the interface
 * @param rxDrops datagrams and packets from the network that went no further
 * @param txDrops packets from the interface that went no further
 * @param underLoad whether only holders of a cookie get a handshake now
 */
public record TunnelCounters(
    long rxBytes,
    long txBytes,
    long rxPackets,
    long txPackets,
    long rxDrops,
    long txDrops,
    boolean underLoad) {}
