// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One crafted message moves one count by one: of its peer where that is known, else the device's.
 */
class DropCountTest {
  private final SimulatedNetwork network = new SimulatedNetwork();
  private final SimulatedHost alice = new SimulatedHost(network, 1);
  private final SimulatedHost bob = new SimulatedHost(network, 2);

  @BeforeEach
  void session() {
    alice.knows(bob, true);
    bob.knows(alice, true);
    alice.send("hello");
    network.pass(0.1);
    bob.send("hello");
    network.pass(1);
  }

  private void bobCounts(Map<DropReason, Long> device, Map<DropReason, Long> peer) {
    DeviceSnapshot snapshot = bob.device.snapshot(network.now());
    assertThat(snapshot.drops()).as("of the device").isEqualTo(device);
    assertThat(snapshot.peers().getFirst().drops()).as("of the peer").isEqualTo(peer);
    long all =
        device.values().stream().mapToLong(n -> n).sum()
            + peer.values().stream().mapToLong(n -> n).sum();
    assertThat(bob.device.handshakeCounters().refused()).isEqualTo(all);
  }

  /** Before anything came in; the same bits with a right MAC1 for Bob. */
  private byte[] withMac1(byte[] message) {
    Macs.write(message, Macs.mac1Key(bob.publicKey().octets()), null);
    return message;
  }

  private byte[] initiation() {
    return alice.sent.getFirst().octets().clone();
  }

  @Test
  void nothingIsCountedWhenAllIsWell() {
    bobCounts(Map.of(), Map.of());
  }

  @Test
  void aWrongLengthIsMalformed() {
    bob.deliver(new byte[3], alice.address);
    byte[] cut = java.util.Arrays.copyOf(initiation(), 147);
    bob.deliver(cut, alice.address);
    bobCounts(Map.of(DropReason.MALFORMED, 2L), Map.of());
  }

  @Test
  void reservedBitsMakeAnUnknownType() {
    byte[] message = initiation();
    message[2] = 1;
    bob.deliver(message, alice.address);
    bobCounts(Map.of(DropReason.UNKNOWN_TYPE, 1L), Map.of());
  }

  @Test
  void aWrongMac1() {
    byte[] message = initiation();
    message[116] ^= 1;
    bob.deliver(message, alice.address);
    bobCounts(Map.of(DropReason.BAD_MAC1, 1L), Map.of());
  }

  @Test
  void noCookieUnderLoad() {
    bob.underLoad = true;
    bob.deliver(initiation(), alice.address);
    bobCounts(Map.of(DropReason.BAD_COOKIE, 1L), Map.of());
  }

  @Test
  void aCookieReplyThatDoesNotOpenIsOfItsPeer() {
    bob.underLoad = false;
    byte[] reply = new byte[Messages.COOKIE_REPLY_LENGTH];
    reply[0] = Messages.COOKIE_REPLY;
    byte[] response = bob.sent.getFirst().octets();
    System.arraycopy(response, 4, reply, 4, 4);
    bob.deliver(reply, alice.address);
    bobCounts(Map.of(), Map.of(DropReason.BAD_COOKIE, 1L));
  }

  @Test
  void aStaticKeyThatCannotBeOpened() {
    byte[] message = initiation();
    message[40] ^= 1;
    bob.deliver(withMac1(message), alice.address);
    bobCounts(Map.of(DropReason.AUTH_FAILED, 1L), Map.of());
  }

  @Test
  void aTimestampThatCannotBeOpenedIsOfItsPeer() {
    byte[] message = initiation();
    message[88] ^= 1;
    bob.deliver(withMac1(message), alice.address);
    bobCounts(Map.of(), Map.of(DropReason.AUTH_FAILED, 1L));
  }

  @Test
  void aTimestampSeenBeforeIsOfItsPeer() {
    bob.deliver(initiation(), alice.address);
    bobCounts(Map.of(), Map.of(DropReason.REPLAYED, 1L));
  }

  @Test
  void anUnknownPeer() {
    SimulatedHost eve = new SimulatedHost(network, 3);
    eve.knows(bob, true);
    eve.send("hello");
    network.pass(1);
    bobCounts(Map.of(DropReason.UNKNOWN_PEER, 1L), Map.of());
  }

  @Test
  void aResponseToNobodyAndASecondOneToSomebody() {
    byte[] response = bob.sent.getFirst().octets().clone();
    Handshake.putInt(response, 8, 12345);
    bob.deliver(withMac1(response), alice.address);
    bobCounts(Map.of(DropReason.UNKNOWN_INDEX, 1L), Map.of());
    alice.deliver(bob.sent.getFirst().octets(), bob.address);
    assertThat(alice.peer().drops()).isEqualTo(Map.of(DropReason.UNKNOWN_INDEX, 1L));
  }

  @Test
  void aRefusingSocketIsOfThePeerThatWasSpokenTo() {
    bob.refuses = endpoint -> true;
    network.pass(200);
    bob.send("x");
    assertThat(bob.peer().drops()).isEqualTo(Map.of(DropReason.SOCKET_FAILED, 1L));
    assertThat(bob.device.snapshot(0).drops()).isEmpty();
  }

  @Test
  void thePacketThreadsCountWhatTheyDrop() {
    bob.peer().drop(DropReason.SOURCE_NOT_ALLOWED, 3);
    bob.device.drop(DropReason.NO_PEER_FOR_DESTINATION, 2);
    assertThat(bob.peer().drops(DropReason.SOURCE_NOT_ALLOWED)).isEqualTo(3);
    assertThat(bob.peer().drops(DropReason.REPLAYED)).isZero();
    assertThat(bob.device.drops(DropReason.NO_PEER_FOR_DESTINATION)).isEqualTo(2);
  }

  @Test
  void theDropsOfARemovedPeerGoOnAtTheDevice() {
    Peer peer = bob.peer();
    peer.drop(DropReason.REPLAYED, 2);
    bob.apply(
        new DeviceChange(
            Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), true, List.of()));
    assertThat(bob.device.drops(DropReason.REPLAYED)).isEqualTo(2);
    peer.drop(DropReason.REPLAYED, 1);
    assertThat(bob.device.drops(DropReason.REPLAYED)).isEqualTo(3);
    assertThat(peer.drops()).isEmpty();
  }

  @Test
  void countsOfSeveralThreadsAddUpThoughThePeerIsRemovedMeanwhile() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      SimulatedHost host = new SimulatedHost(network, 100 + round);
      host.knows(alice, true);
      Peer peer = host.peer();
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 0; i < 200; i++) {
                        peer.drop(DropReason.REPLAYED, 1);
                      }
                    }));
      }
      host.apply(
          new DeviceChange(
              Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), true, List.of()));
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(host.device.drops(DropReason.REPLAYED) + peer.drops(DropReason.REPLAYED))
          .isEqualTo(400);
    }
  }
}
