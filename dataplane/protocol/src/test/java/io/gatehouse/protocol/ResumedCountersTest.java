// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The counters of a device go on from those of an earlier one. */
class ResumedCountersTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_795_000_000L);
  private static final PeerTotals PEER_BEFORE =
      new PeerTotals(7, -5, 1L << 32, 3, 4, 5, 6, 8, Map.of(DropReason.REPLAYED, 9L));
  private static final HandshakeCounters HANDSHAKES =
      new HandshakeCounters(1, 2, 3, 4, 5, 6, 7, 8, 9);

  private final Device device =
      new Device(
          new DeviceOutput() {
            @Override
            public boolean sendHandshake(byte[] message, Endpoint to) {
              return true;
            }

            @Override
            public void wakeTransmit(Peer peer) {}
          },
          new Random(1),
          () -> NOW,
          0);

  private static PublicKey key(int first) {
    byte[] octets = new byte[32];
    Arrays.fill(octets, (byte) first);
    return PublicKey.of(octets);
  }

  private void set(PublicKey key, boolean remove) {
    PeerChange change =
        new PeerChange(
            key,
            remove,
            false,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            false,
            List.of());
    device.apply(
        new DeviceChange(
            Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false, List.of(change)),
        0);
  }

  @Test
  void aDeviceGoesOnWithAllItsPeersWheneverTheyCome() {
    DeviceTotals before =
        new DeviceTotals(HANDSHAKES, Map.of(DropReason.BAD_MAC1, 10L), Map.of(key(1), PEER_BEFORE));
    device.resume(before);
    set(key(2), false);
    set(key(1), false);

    DeviceTotals after = DeviceTotals.of(device.snapshot(0));

    assertThat(after.handshakes()).isEqualTo(HANDSHAKES);
    assertThat(after.drops()).isEqualTo(before.drops());
    assertThat(after.peers()).containsEntry(key(1), PEER_BEFORE);
    assertThat(after.peers().get(key(2)))
        .isEqualTo(
            new PeerTotals(NOW.getEpochSecond() * 1_000_000_000, 0, 0, 0, 0, 0, 0, 0, Map.of()));
    assertThat(device.octets(List.of(key(1)))).containsEntry(key(1), -5 + (1L << 32));
  }

  @Test
  void aPeerThatWasRemovedBeginsAnewAndItsDropsStayWithTheDevice() {
    device.resume(new DeviceTotals(HandshakeCounters.NONE, Map.of(), Map.of(key(1), PEER_BEFORE)));
    set(key(1), false);
    set(key(1), true);
    set(key(1), false);

    DeviceTotals after = DeviceTotals.of(device.snapshot(0));

    assertThat(after.peers().get(key(1)).rxBytes()).isZero();
    assertThat(after.drops()).isEqualTo(PEER_BEFORE.drops());
  }

  @Test
  void whatIsCountedComesOnTopAndWrapsAt64Bits() {
    device.resume(new DeviceTotals(HandshakeCounters.NONE, Map.of(), Map.of(key(1), PEER_BEFORE)));
    set(key(1), false);
    Peer peer = device.peers().getFirst();
    peer.hasSession();
    peer.drop(DropReason.REPLAYED, 2);
    Session session =
        new Session(
            peer,
            1,
            2,
            true,
            device.keySlots().take(new byte[32]),
            device.keySlots().take(new byte[32]),
            0);
    var _ = peer.dataReceived(session, 1, 8, true, 0);
    var _ = peer.dataSent(session, 1, 9, true, 0);

    PeerTotals after = DeviceTotals.of(device.snapshot(0)).peers().get(key(1));

    assertThat(after.rxBytes()).isEqualTo(3);
    assertThat(after.txBytes()).isEqualTo((1L << 32) + 9);
    assertThat(after.rxPackets()).isEqualTo(4);
    assertThat(after.txPackets()).isEqualTo(5);
    assertThat(after.drops()).containsEntry(DropReason.REPLAYED, 11L);
  }
}
