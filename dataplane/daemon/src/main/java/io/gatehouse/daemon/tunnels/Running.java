// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.wgquick.TunnelConfig;
import java.util.Optional;

/**
 * A tunnel as it runs.
 *
 * @param device what the device says of itself
 * @param file what was applied last, empty at the start
 * @param setup what we set on the machine for it
 * @param mtu of the interface, in octets
 * @param up whether the interface is up
 */
record Running(
    DeviceSnapshot device, Optional<TunnelConfig> file, Setup setup, int mtu, boolean up) {}
