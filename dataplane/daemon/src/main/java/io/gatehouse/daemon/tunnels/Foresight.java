// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.wgquick.TunnelConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What applying a file would do to a tunnel, worked out without doing it.
 *
 * @param running the tunnel as it is found, what somebody has changed by hand included
 * @param wanted what is to be in force of the file; empty when the tunnel is to go
 * @param plan the difference
 */
record Foresight(Running running, Optional<TunnelConfig> wanted, Plan plan) {
  private static final DeviceSnapshot NO_DEVICE =
      new DeviceSnapshot(Optional.empty(), Optional.empty(), 0, 0, Map.of(), List.of());

  /** A tunnel that is not there. */
  static final Running NOTHING = new Running(NO_DEVICE, Optional.empty(), Setup.NONE, 0, false);

  /** That a tunnel goes, with all that it has. */
  static Foresight ofGoing(Running running) {
    List<PeerChange> peers =
        running.device().peers().stream().map(peer -> Plan.removed(peer.publicKey())).toList();
    DeviceChange device =
        new DeviceChange(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false, peers);
    return new Foresight(
        running,
        Optional.empty(),
        new Plan(
            false,
            device,
            running.device().fwMark(),
            running.setup(),
            Setup.NONE,
            OptionalInt.empty(),
            false));
  }
}
