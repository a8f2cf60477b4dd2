// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceOutput;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.protocol.PeerChange.AllowedIpChange;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A device for rehearsals: it has a random key, its handshake messages stay with it until somebody
 * delivers them, and it is up once it has met another. For one thread.
 */
final class MadeUpDevice {
  final Device device;
  private final PublicKey publicKey;
  private final Queue<byte[]> outbox = new ArrayDeque<>();

  /**
   * Makes it with its key.
   *
   * @param clock the wall clock that its timestamps are of
   * @param wakeTransmit what is done about a peer that has something to send
   * @param now monotonic, ns
   */
  MadeUpDevice(Supplier<Instant> clock, Consumer<Peer> wakeTransmit, long now) {
    SecureRandom random = new SecureRandom();
    DeviceOutput output =
        new DeviceOutput() {
          @Override
          public boolean sendHandshake(byte[] message, Endpoint to) {
            return outbox.add(message);
          }

          @Override
          public void wakeTransmit(Peer peer) {
            wakeTransmit.accept(peer);
          }
        };
    device = new Device(output, random, clock, now);
    byte[] octets = new byte[SecretKey.LENGTH];
    random.nextBytes(octets);
    SecretKey key = SecretKey.of(octets);
    device.apply(
        new DeviceChange(
            Optional.of(key), OptionalInt.empty(), OptionalInt.empty(), false, List.of()),
        now);
    key.wipe();
    publicKey = device.snapshot(now).publicKey().orElseThrow();
  }

  /** Makes the other one its only peer. */
  void meet(MadeUpDevice other, Endpoint endpoint, List<AllowedIpChange> allowedIps, long now) {
    change(
        new PeerChange(
            other.publicKey,
            false,
            false,
            Optional.empty(),
            Optional.of(endpoint),
            OptionalInt.empty(),
            false,
            allowedIps),
        now);
    device.up(now);
  }

  /** Changes its peer. */
  void change(PeerChange change, long now) {
    device.apply(
        new DeviceChange(
            Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false, List.of(change)),
        now);
  }

  /** Its only peer. */
  Peer peer() {
    return device.peers().getFirst();
  }

  /**
   * Shakes hands with the peer it has met, on behalf of both.
   *
   * @param from where its own messages come from
   * @param otherFrom where the other's messages come from
   * @return whether there was an answer
   */
  boolean shakeHands(MadeUpDevice other, Endpoint from, Endpoint otherFrom, long now) {
    Peer peer = peer();
    peer.requestHandshake();
    device.service(peer, now);
    deliver(other, from, now);
    return other.deliver(this, otherFrom, now);
  }

  private boolean deliver(MadeUpDevice to, Endpoint from, long now) {
    boolean any = !outbox.isEmpty();
    for (byte[] message = outbox.poll(); message != null; message = outbox.poll()) {
      to.device.receive(message, message.length, from, false, now);
    }
    return any;
  }
}
