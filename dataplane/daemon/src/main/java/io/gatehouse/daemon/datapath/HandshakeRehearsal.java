// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.protocol.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Two made-up devices shake hands again and again, so that many peers that come at once meet
 * compiled Diffie-Hellman. Beside {@link Rehearsal}, with a clock of its own and no socket.
 */
public final class HandshakeRehearsal {
  /** A younger session would do (REKEY_AFTER_TIME; paper, section 6.1). */
  private static final Duration STEP = Duration.ofSeconds(125);

  private final Instant start = Instant.now();
  private Duration elapsed = Duration.ZERO;

  private HandshakeRehearsal() {}

  /**
   * Rehearses on the calling thread.
   *
   * @param times how often
   * @param between called again and again on the way, and may wait
   * @return how often the initiation was answered
   */
  public static int run(int times, Runnable between) {
    return new HandshakeRehearsal().shakeHands(times, between);
  }

  private int shakeHands(int times, Runnable between) {
    long born = System.nanoTime();
    MadeUpDevice a = device(born);
    MadeUpDevice b = device(born);
    Endpoint atA = endpoint(1);
    Endpoint atB = endpoint(2);
    a.meet(b, atB, List.of(), born);
    b.meet(a, atA, List.of(), born);
    int answered = 0;
    for (int i = 0; i < times; i++) {
      between.run();
      elapsed = elapsed.plus(STEP);
      answered += a.shakeHands(b, atA, atB, born + elapsed.toNanos()) ? 1 : 0;
    }
    a.device.down(born + elapsed.toNanos());
    b.device.down(born + elapsed.toNanos());
    return answered;
  }

  private MadeUpDevice device(long now) {
    return new MadeUpDevice(() -> start.plus(elapsed), peer -> {}, now);
  }

  private static Endpoint endpoint(int port) {
    return Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
  }
}
