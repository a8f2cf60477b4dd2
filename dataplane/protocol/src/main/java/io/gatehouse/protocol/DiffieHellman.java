// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses for the whole process how the Diffie-Hellman of handshakes is computed. One after the
 * other serves first, because it is fast as soon as its loops are compiled; interpreted, two side
 * by side in the lanes of vectors take a second.
 */
public final class DiffieHellman {
  /** Pairs in the race. What counts is the best time of each, so a busy machine stays fair. */
  private static final int HEATS = 40;

  /** Compiled, a pair needs half of this for arrays; half compiled, thousands of vectors. */
  private static final long QUIET = 8192;

  private static final int QUIET_PAIRS = 3;

  /** Pairs without vectors that take as long as getting these compiled. */
  static final int MANY = 1000;

  private static final AtomicInteger PLAIN = new AtomicInteger();
  private static volatile Runnable wanted = () -> {};

  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private final byte[][] secrets = new byte[2][Primitives.KEY];
  private final byte[][] points = new byte[2][Primitives.KEY];
  private final byte[][] results = new byte[2][Primitives.KEY];
  private final byte[][] expected = new byte[2][Primitives.KEY];
  private final Random random = new Random(25519); // made-up keys

  private DiffieHellman() {}

  /**
   * Has somebody told when handshakes have cost so much without vectors that they would have paid:
   * the more handshakes there are, the sooner.
   *
   * @param action run at most once, on a thread that shakes hands, which it must not hold up
   */
  public static void whenWanted(Runnable action) {
    wanted = action;
  }

  /** Two were computed without vectors. */
  static void countPlain() {
    if (PLAIN.incrementAndGet() == MANY) {
      wanted.run();
    }
  }

  /**
   * Gets the vectors compiled, has them compute what the plain way computes, lets both race, and
   * lets the winner serve. Other threads shake hands meanwhile. On a thread that has time, or on
   * one more when handshakes cannot wait for that ({@link #whenWanted}).
   *
   * @param limit how long to wait for the compiler, after which all stays as it is
   * @param between called again and again on the way; the time it waits does not count
   * @return one sentence for the log on what serves and why
   */
  public static String settle(Duration limit, Runnable between) {
    try {
      return new DiffieHellman().choose(limit, between);
    } catch (LinkageError e) {
      return kept("vectors cannot be loaded (" + e + ")");
    }
  }

  private String choose(Duration limit, Runnable between) {
    if (X25519.inLanes()) {
      return "Diffie-Hellman is computed in vectors already.";
    }
    if (!FieldLanes.fitProcessor()) {
      return kept("this processor's vectors have fewer than 256 bits");
    }
    WorkTime time = new WorkTime(limit, between);
    for (int quiet = 0; quiet < QUIET_PAIRS; ) {
      long _ = time.giveWay();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      boolean same = lanesAgree();
      quiet = THREADS.getCurrentThreadAllocatedBytes() - before < QUIET ? quiet + 1 : 0;
      if (!same) {
        return kept("vectors give other results");
      }
      if (time.isOver()) {
        return kept("the vectors are not compiled yet");
      }
    }
    long plain = Long.MAX_VALUE;
    long lanes = Long.MAX_VALUE;
    for (int i = 0; i < HEATS; i++) {
      long start = System.nanoTime();
      plainly();
      long half = System.nanoTime();
      inLanes();
      plain = Math.min(plain, half - start);
      lanes = Math.min(lanes, System.nanoTime() - half);
    }
    String times = lanes / 1000 + " us for two in vectors, " + plain / 1000 + " us without";
    if (lanes >= plain) {
      return kept(times);
    }
    X25519.inLanes(true);
    return "Diffie-Hellman is computed in vectors: " + times + ".";
  }

  private static String kept(String reason) {
    return "Diffie-Hellman is computed without vectors: " + reason + ".";
  }

  /** Whether two new secrets are the same both ways. */
  private boolean lanesAgree() {
    for (int i = 0; i < 2; i++) {
      random.nextBytes(secrets[i]);
      random.nextBytes(points[i]);
    }
    plainly();
    for (int i = 0; i < 2; i++) {
      System.arraycopy(results[i], 0, expected[i], 0, Primitives.KEY);
    }
    inLanes();
    return Arrays.deepEquals(results, expected);
  }

  private void plainly() {
    for (int i = 0; i < 2; i++) {
      X25519.agree(secrets[i], points[i], results[i]);
    }
  }

  private void inLanes() {
    X25519Lanes.agreeBoth(secrets[0], points[0], results[0], secrets[1], points[1], results[1]);
  }
}
