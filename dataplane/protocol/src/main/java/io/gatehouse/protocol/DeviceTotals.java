// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import io.gatehouse.wgquick.PublicKey;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How far the counters of a device have come, so that a later one can go on from there ({@link
 * Device#resume}).
 *
 * @param handshakes what was done about them
 * @param drops what went no further and is counted at no peer
 * @param peers those of each peer
 */
public record DeviceTotals(
    HandshakeCounters handshakes, Map<DropReason, Long> drops, Map<PublicKey, PeerTotals> peers) {
  /** Nothing. */
  public static final DeviceTotals NONE =
      new DeviceTotals(HandshakeCounters.NONE, Map.of(), Map.of());

  /** Copies the maps. */
  public DeviceTotals {
    drops = Map.copyOf(drops);
    peers = Map.copyOf(peers);
  }

  /** Those of a device at one moment. */
  public static DeviceTotals of(DeviceSnapshot device) {
    return new DeviceTotals(
        device.handshakes(),
        device.drops(),
        device.peers().stream()
            .collect(Collectors.toMap(DeviceSnapshot.PeerSnapshot::publicKey, PeerTotals::of)));
  }
}
