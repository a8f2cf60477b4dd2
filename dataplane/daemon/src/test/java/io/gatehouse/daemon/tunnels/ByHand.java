// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What {@code wg set} asks of a device. */
final class ByHand {
  private ByHand() {}

  static DeviceChange keepalive(PublicKey peer, int seconds) {
    return peer(
        new PeerChange(
            peer,
            false,
            true,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.of(seconds),
            false,
            List.of()));
  }

  static DeviceChange presharedKey(PublicKey peer, SecretKey key) {
    return peer(
        new PeerChange(
            peer,
            false,
            true,
            Optional.of(key),
            Optional.empty(),
            OptionalInt.empty(),
            false,
            List.of()));
  }

  /** Makes the peer if it is not there. */
  static DeviceChange allowedIps(PublicKey peer, String... prefixes) {
    return peer(
        new PeerChange(
            peer,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            true,
            Stream.of(prefixes)
                .map(prefix -> new AllowedIpChange(Prefix.parse(prefix), false))
                .toList()));
  }

  static DeviceChange remove(PublicKey peer) {
    return peer(Plan.removed(peer));
  }

  static DeviceChange listenPort(int port) {
    return new DeviceChange(
        Optional.empty(), OptionalInt.of(port), OptionalInt.empty(), false, List.of());
  }

  static DeviceChange privateKey(SecretKey key) {
    return new DeviceChange(
        Optional.of(key), OptionalInt.empty(), OptionalInt.empty(), false, List.of());
  }

  private static DeviceChange peer(PeerChange change) {
    return new DeviceChange(
        Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false, List.of(change));
  }
}
