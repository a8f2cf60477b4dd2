// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.TunnelConfig;
import java.util.List;
import java.util.Optional;

/**
 * A tunnel as it runs.
 *
 * @param device what the device says of itself
 * @param file what was applied last, empty at the start
 * @param addresses that we gave the interface
 * @param routes that we made
 * @param mtu of the interface, in octets
 * @param up whether the interface is up
 */
record Running(
    DeviceSnapshot device,
    Optional<TunnelConfig> file,
    List<Prefix> addresses,
    List<TunnelRoute> routes,
    int mtu,
    boolean up) {}
