// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static io.gatehouse.daemon.datapath.Machine.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.PublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Two hundred thousand random, truncated and bit-flipped datagrams at a tunnel that serves a peer:
 * nothing is thrown, nothing leaks, each is counted, and the peer notices nothing. Needs root.
 */
class LiveFuzzIT {
  private static final int PORT = 51820;
  private static final int DATAGRAMS = 200_000;
  private static final int BATCH = 100;

  private final Random random = new Random(200_000);

  @Test
  void whateverComesIsCountedAndThePeerNoticesNothing() throws Exception {
    List<LogRecord> errors = new ArrayList<>();
    Handler handler = errorsInto(errors);
    Logger log = Logger.getLogger("io.gatehouse");
    log.addHandler(handler);
    Machine[] pair = Machine.pair();
    try (Machine a = pair[0];
        Machine b = pair[1];
        Tunnel tunnel = a.tunnel("wg0")) {
      a.withoutIpv6();
      tunnel.apply(Changes.privateKey(HandMadePeer.randomKey()));
      tunnel.apply(Changes.port(PORT));
      PublicKey key = tunnel.snapshot().publicKey().orElseThrow();
      a.ip("addr", "add", "10.0.0.2/24", "dev", "wg0");
      a.ip("link", "set", "wg0", "mtu", "1420", "up");
      eventually("the tunnel is up", tunnel::isUp);
      try (HandMadePeer peer = new HandMadePeer(b, key, "203.0.113.1", PORT);
          Datagrams stranger = new Datagrams(b, 0);
          Datagrams inside = new Datagrams(a, 5201)) {
        tunnel.apply(Changes.peer(peer.publicKey(), "10.0.0.1/32"));
        byte[] initiation = peer.initiation(Instant.now().minusSeconds(1000));
        peer.shakeHands();
        echo(peer, inside);
        long descriptors = descriptors();
        long heard = drops(tunnel);
        byte[][] honest = {initiation, response(), cookie(), sealedBy(peer)};
        long sent = 0;
        while (sent < DATAGRAMS) {
          byte[][] batch = new byte[BATCH][];
          for (int i = 0; i < BATCH; i++) {
            batch[i] = fuzzed(honest[random.nextInt(honest.length)]);
          }
          stranger.send(peer.tunnelAt(), random.nextInt(256), batch);
          sent += BATCH;
          // So that the socket's buffer never overflows: what the kernel drops is not ours to
          // count.
          long all = sent + heard;
          eventually("so far all are counted", () -> drops(tunnel) >= all);
          if (sent % 20_000 == 0) {
            echo(peer, inside);
          }
        }

        assertThat(drops(tunnel)).isEqualTo(heard + DATAGRAMS);
        echo(peer, inside);
        assertThat(descriptors()).isEqualTo(descriptors);
        assertThat(tunnel.snapshot().peers()).hasSize(1);
      }
      assertThat(errors).isEmpty();
    } finally {
      log.removeHandler(handler);
    }
  }

  /** A packet of the established peer, there and back. */
  private void echo(HandMadePeer peer, Datagrams inside) {
    byte[] payload = new byte[1 + random.nextInt(1000)];
    random.nextBytes(payload);
    peer.send(peer.sealed(SuperPackets.packet(random, false, 17, 7, 0, 0, payload)));
    Datagrams.Received received = inside.receive();
    assertThat(received.octets()).isEqualTo(payload);
    inside.send(received.from(), 0, payload);
    byte[] back = peer.opened(peer.receiveData());
    assertThat(Arrays.copyOfRange(back, 28, 28 + payload.length)).isEqualTo(payload);
  }

  private byte[] fuzzed(byte[] honest) {
    return switch (random.nextInt(5)) {
      case 0 -> octets(random.nextInt(300));
      case 1 -> Arrays.copyOf(honest, random.nextInt(honest.length));
      case 2 -> Arrays.copyOf(honest, honest.length + 1 + random.nextInt(100));
      case 3 -> {
        byte[] copy = honest.clone();
        // Behind the type and the reserved bits, or anywhere.
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        yield copy;
      }
      default -> {
        byte[] copy = octets(random.nextBoolean() ? honest.length : 32 + random.nextInt(1300));
        System.arraycopy(honest, 0, copy, 0, Math.min(copy.length, random.nextInt(17)));
        yield copy;
      }
    };
  }

  private byte[] octets(int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    return octets;
  }

  private byte[] response() {
    byte[] message = octets(92);
    Arrays.fill(message, 0, 4, (byte) 0);
    message[0] = 2;
    return message;
  }

  private byte[] cookie() {
    byte[] message = octets(64);
    Arrays.fill(message, 0, 4, (byte) 0);
    message[0] = 3;
    return message;
  }

  private byte[] sealedBy(HandMadePeer peer) {
    return peer.sealed(SuperPackets.packet(random, false, 17, 7, 0, 0, new byte[50]));
  }

  private static long drops(Tunnel tunnel) {
    return DropCounts.all(tunnel).values().stream().mapToLong(Long::longValue).sum();
  }

  private static long descriptors() throws Exception {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static Handler errorsInto(List<LogRecord> errors) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
          errors.add(record);
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
