// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceOutput;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;

/**
 * Two made-up devices shake hands again and again, so that many peers that come at once meet
 * compiled Diffie-Hellman. Beside {@link Rehearsal}, with a clock of its own and no socket.
 */
public final class HandshakeRehearsal {
  /** A younger session would do (REKEY_AFTER_TIME; paper, section 6.1). */
  private static final Duration STEP = Duration.ofSeconds(125);

  private HandshakeRehearsal() {}

  /**
   * Rehearses on the calling thread.
   *
   * @param times how often
   * @return how often the initiation was answered
   */
  public static int run(int times) {
    Party a = new Party(1);
    Party b = new Party(2);
    a.meet(b);
    b.meet(a);
    int answered = 0;
    for (int i = 0; i < times; i++) {
      a.elapsed = b.elapsed = STEP.multipliedBy(i + 1L);
      a.initiate();
      a.deliver(b);
      answered += b.deliver(a);
    }
    a.device.down(a.now());
    b.device.down(b.now());
    return answered;
  }

  private static final class Party {
    final Device device;
    private final PublicKey publicKey;
    private final Endpoint endpoint;
    private final Queue<byte[]> outbox = new ArrayDeque<>();
    private final long born = System.nanoTime();
    private final Instant start = Instant.now();
    Duration elapsed = Duration.ZERO;

    Party(int port) {
      endpoint = Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      SecureRandom random = new SecureRandom();
      device = new Device(new Output(), random, () -> start.plus(elapsed), born);
      byte[] octets = new byte[SecretKey.LENGTH];
      random.nextBytes(octets);
      SecretKey key = SecretKey.of(octets);
      device.apply(
          new DeviceChange(
              Optional.of(key), OptionalInt.empty(), OptionalInt.empty(), false, List.of()),
          born);
      key.wipe();
      publicKey = device.snapshot(born).publicKey().orElseThrow();
    }

    long now() {
      return born + elapsed.toNanos();
    }

    void meet(Party other) {
      PeerChange change =
          new PeerChange(
              other.publicKey,
              false,
              false,
              Optional.empty(),
              Optional.of(other.endpoint),
              OptionalInt.empty(),
              false,
              List.of());
      device.apply(
          new DeviceChange(
              Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false, List.of(change)),
          born);
      device.up(born);
    }

    void initiate() {
      Peer peer = device.peers().getFirst();
      peer.requestHandshake();
      device.service(peer, now());
    }

    /** Hands over what is to be sent; how many messages. */
    int deliver(Party to) {
      int messages = 0;
      for (byte[] message = outbox.poll(); message != null; message = outbox.poll()) {
        to.device.receive(message, message.length, endpoint, false, to.now());
        messages++;
      }
      return messages;
    }

    private final class Output implements DeviceOutput {
      @Override
      public boolean sendHandshake(byte[] message, Endpoint to) {
        return outbox.add(message);
      }

      @Override
      public void wakeTransmit(Peer peer) {
        // There is nothing to transmit.
      }
    }
  }
}
