// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.PublicKey;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdlePeerTest {
  private static final int PEERS = 50_000;

  @Test
  void aPeerThatNothingIsHeardOfTakesLessThanOneKilobyte() {
    Device device =
        new Device(new SimulatedHost(new SimulatedNetwork(), 1), new Random(1), Instant::now, 0);
    long before = live();
    device.apply(
        new DeviceChange(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), true, peers()),
        0);
    long each = (live() - before) / PEERS;
    assertThat(device.peers()).hasSize(PEERS);
    assertThat(device.router().lookup4((10 << 24) + PEERS)).isNotNull();
    assertThat(each).as("octets of heap").isBetween(200L, 1000L);
  }

  private static List<PeerChange> peers() {
    List<PeerChange> peers = new ArrayList<>();
    for (int i = 1; i <= PEERS; i++) {
      byte[] key = ByteBuffer.allocate(PublicKey.LENGTH).putInt(i).array();
      String address = "10.%d.%d.%d".formatted(i >> 16, i >> 8 & 255, i & 255);
      peers.add(
          new PeerChange(
              PublicKey.of(key),
              false,
              false,
              Optional.empty(),
              Optional.of(Endpoint.of(new InetSocketAddress(address, 51820))),
              OptionalInt.empty(),
              true,
              List.of(new PeerChange.AllowedIpChange(Prefix.parse(address + "/32"), false))));
    }
    return peers;
  }

  /** Octets of heap in use when no garbage is left. */
  private static long live() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }
}
