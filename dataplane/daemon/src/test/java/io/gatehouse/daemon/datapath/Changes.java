// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;
import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Changes of a device, as short as a test wants to say them. */
final class Changes {
  private Changes() {}

  static DeviceChange privateKey(SecretKey key) {
    return new DeviceChange(
        Optional.of(key), OptionalInt.empty(), OptionalInt.empty(), false, List.of());
  }

  static DeviceChange port(int port) {
    return new DeviceChange(
        Optional.empty(), OptionalInt.of(port), OptionalInt.empty(), false, List.of());
  }

  static DeviceChange fwMark(int mark) {
    return new DeviceChange(
        Optional.empty(), OptionalInt.empty(), OptionalInt.of(mark), false, List.of());
  }

  /** A peer whose endpoint is not known. */
  static DeviceChange peer(PublicKey key, String... allowedIps) {
    return peer(key, Optional.empty(), false, allowedIps);
  }

  static DeviceChange peerAt(PublicKey key, String address, int port, String... allowedIps) {
    return peer(
        key,
        Optional.of(Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral(address), port))),
        false,
        allowedIps);
  }

  static DeviceChange remove(PublicKey key) {
    return peer(key, Optional.empty(), true);
  }

  private static DeviceChange peer(
      PublicKey key, Optional<Endpoint> endpoint, boolean remove, String... allowedIps) {
    PeerChange change =
        new PeerChange(
            key,
            remove,
            false,
            Optional.empty(),
            endpoint,
            OptionalInt.empty(),
            false,
            Arrays.stream(allowedIps)
                .map(prefix -> new AllowedIpChange(Prefix.parse(prefix), false))
                .toList());
    return new DeviceChange(
        Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false, List.of(change));
  }
}
