// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.UdpSendBatch;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceOutput;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import io.gatehouse.protocol.PeerChange;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Handshake initiations with a right MAC1 by senders that nobody knows, from forged addresses: what
 * an attacker who has the public key can send without end.
 *
 * <p>The sources are of 198.18.0.0/15, which must be local where it runs ({@code ip route add local
 * 198.18.0.0/15 dev lo}). Needs nothing of the tests, so that {@code install/bench} can start it
 * from its source file.
 */
public final class HandshakeFlood {
  private static final int INITIATION = 148;
  private static final int POOL = 128;
  private static final int BATCH = 64;
  private static final long MAPPED = 0xffff_0000_0000L;
  private static final int SOURCES = 0xc612_0000;
  private static final long SECOND = 1_000_000_000L;

  private final Endpoint target;
  private final MemorySegment pool = Arena.ofAuto().allocate((long) POOL * INITIATION, 8);
  private final UdpSendBatch batch = new UdpSendBatch(BATCH);
  private final Random random = new Random();

  HandshakeFlood(PublicKey victim, InetSocketAddress target) {
    this.target = Endpoint.of(target);
    for (int i = 0; i < POOL; i++) {
      byte[] message = initiation(victim);
      MemorySegment.copy(
          message, 0, pool, ValueLayout.JAVA_BYTE, (long) i * INITIATION, INITIATION);
    }
  }

  /** Address, port, public key, messages per second, seconds. Says how many it sent. */
  public static void main(String[] words) throws LinuxException {
    HandshakeFlood flood =
        new HandshakeFlood(
            PublicKey.parse(words[2]),
            new InetSocketAddress(InetAddress.ofLiteral(words[0]), Integer.parseInt(words[1])));
    System.out.println("flooding");
    try (UdpSocket socket = UdpSocket.bind(0, UdpSocket.Options.PLAIN)) {
      long sent = flood.run(socket, Integer.parseInt(words[3]), Integer.parseInt(words[4]));
      System.out.println(sent);
    }
  }

  /** Sends at a rate for some seconds; returns how many the network took. */
  long run(UdpSocket socket, int perSecond, int seconds) {
    long start = System.nanoTime();
    long sent = 0;
    while (true) {
      long elapsed = System.nanoTime() - start;
      if (elapsed >= seconds * SECOND) {
        return sent;
      }
      long due = (long) (elapsed / 1e9 * perSecond);
      if (sent >= due) {
        LockSupport.parkNanos(1_000_000);
      } else {
        sent += send(socket, (int) Math.min(BATCH, due - sent));
      }
    }
  }

  /** Sends some messages, each from another address. */
  int send(UdpSocket socket, int count) {
    for (int i = 0; i < count; i++) {
      long source = MAPPED | (SOURCES | random.nextInt(1 << 17)) & 0xffff_ffffL;
      batch.add(
          pool,
          (long) random.nextInt(POOL) * INITIATION,
          INITIATION,
          INITIATION,
          target.addressHigh(),
          target.addressLow(),
          target.port(),
          0,
          0,
          source,
          0,
          0);
    }
    batch.flush(socket);
    return count;
  }

  /** What a device with a key of its own sends to the victim. */
  private static byte[] initiation(PublicKey victim) {
    byte[][] sent = new byte[1][];
    DeviceOutput output =
        new DeviceOutput() {
          @Override
          public boolean sendHandshake(byte[] message, Endpoint to) {
            sent[0] = message;
            return true;
          }

          @Override
          public void wakeTransmit(Peer peer) {
            // Nothing else is sent.
          }
        };
    SecureRandom random = new SecureRandom();
    long now = System.nanoTime();
    byte[] key = new byte[SecretKey.LENGTH];
    random.nextBytes(key);
    Device device = new Device(output, random, Instant::now, now);
    PeerChange peer =
        new PeerChange(
            victim,
            false,
            false,
            Optional.empty(),
            Optional.of(Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 9))),
            OptionalInt.empty(),
            false,
            List.of());
    device.apply(
        new DeviceChange(
            Optional.of(SecretKey.of(key)),
            OptionalInt.empty(),
            OptionalInt.empty(),
            false,
            List.of(peer)),
        now);
    device.up(now);
    Peer to = device.peers().getFirst();
    to.requestHandshake();
    device.service(to, now);
    device.down(now);
    return sent[0];
  }
}
