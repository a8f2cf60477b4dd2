// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Chooses the engine that carries packets: the fastest one that gives every known answer. */
public final class AeadEngines {
  /** The fastest engine that works; what a setting says when nobody set it. */
  public static final String AUTO = "auto";

  /** {@link VectorAead} or, where it does not work, the fallback. */
  public static final String VECTOR = "vector";

  /** {@link BouncyCastleAead}. */
  public static final String BOUNCY_CASTLE = "bouncycastle";

  /** Rounds after which {@link #warmUp} may look whether the engine is compiled, and gives up. */
  private static final int WARM_UP_LOOK = 1_000;

  private static final int WARM_UP_END = 40_000;

  /** Payloads of small, middle and full packets, on both sides of each engine's short cuts. */
  private static final int[] WARM_UP_LENGTHS = {0, 32, 64, 128, 176, 256, 576, 1420, 1440};

  /**
   * The outcome of a choice.
   *
   * @param name short name of the chosen engine, as {@link Aead#name()} says it
   * @param factory makes one engine; call it once per thread
   * @param rejected the engines tried before and not taken, best first; worth a line in the log
   *     each
   */
  public record Choice(String name, Supplier<Aead> factory, List<Rejection> rejected) {
    /** Copies the list. */
    public Choice {
      rejected = List.copyOf(rejected);
    }

    /** Makes an engine for the calling thread. */
    public Aead create() {
      return factory.get();
    }
  }

  /**
   * An engine that may not carry packets.
   *
   * @param engine its name as a setting spells it
   * @param reason why not, in words for an administrator
   */
  public record Rejection(String engine, String reason) {}

  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private record Candidate(String engine, Supplier<Aead> factory) {}

  private AeadEngines() {}

  /**
   * Tries the engines a setting allows with known answers, best first. The vector engine is still
   * interpreted then, so this takes about a second on a cold core.
   *
   * @param preference {@value #AUTO}, {@value #VECTOR} or {@value #BOUNCY_CASTLE}
   * @throws IllegalArgumentException when the preference is none of them
   * @throws IllegalStateException when no engine works, the fallback included
   */
  public static Choice choose(String preference) {
    return choose(
        switch (preference) {
          case AUTO, VECTOR ->
              List.of(
                  new Candidate(VECTOR, VectorAead::new),
                  new Candidate(BOUNCY_CASTLE, BouncyCastleAead::new));
          case BOUNCY_CASTLE -> List.of(new Candidate(BOUNCY_CASTLE, BouncyCastleAead::new));
          default ->
              throw new IllegalArgumentException(
                  "unknown AEAD engine \"" + preference + "\": use auto, vector or bouncycastle");
        });
  }

  private static Choice choose(List<Candidate> candidates) {
    List<Rejection> rejected = new ArrayList<>();
    for (Candidate candidate : candidates) {
      Optional<String> fault;
      try {
        Aead aead = candidate.factory.get();
        fault = KnownAnswers.firstFault(aead);
        if (fault.isEmpty()) {
          return new Choice(aead.name(), candidate.factory, rejected);
        }
      } catch (LinkageError e) {
        fault =
            Optional.of(
                "cannot be loaded (" + e + "); start Java with --add-modules jdk.incubator.vector");
      } catch (RuntimeException e) {
        fault = Optional.of("failed: " + e);
      }
      rejected.add(new Rejection(candidate.engine, fault.orElseThrow()));
    }
    throw new IllegalStateException("no ChaCha20-Poly1305 engine works here: " + rejected);
  }

  /**
   * Makes the engine of a preference for the calling thread; {@link #choose} says more about it.
   *
   * @throws IllegalArgumentException when the preference is unknown
   */
  public static Aead create(String preference) {
    return choose(preference).create();
  }

  /**
   * Seals and opens packets of all usual sizes until the optimizing compiler is done with the
   * engine, so that the first packets of a tunnel are not served by interpreted code. Interpreted
   * and half compiled vectors are objects, so the end shows when nothing is allocated any more.
   *
   * <p>Once per process, as compiled code is shared by all threads. Takes one to three seconds on
   * one cold core, and at most some 700,000 packets.
   *
   * @param choice the engine that is going to serve; the fallback is ready at once
   * @return whether packets are now free of allocation; never so for the fallback
   */
  public static boolean warmUp(Choice choice) {
    if (choice.name().equals(BOUNCY_CASTLE)) {
      return false;
    }
    return warmUp(choice.create());
  }

  static boolean warmUp(Aead aead) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = KnownAnswers.key(arena);
      MemorySegment packet = arena.allocate(2048);
      int quiet = 0;
      for (int round = 0; round < WARM_UP_END && quiet < 3; round += WARM_UP_LOOK) {
        long before = allocatedBytes();
        exercise(aead, key, packet, round);
        quiet = allocatedBytes() - before < WARM_UP_LOOK ? quiet + 1 : 0;
      }
      return quiet == 3;
    }
  }

  private static void exercise(Aead aead, MemorySegment key, MemorySegment packet, int start) {
    for (int counter = start; counter < start + WARM_UP_LOOK; counter++) {
      for (int length : WARM_UP_LENGTHS) {
        aead.seal(key, counter, packet, 0, length);
        if (!aead.open(key, counter, packet, 0, length + Aead.TAG_LENGTH)) {
          throw new IllegalStateException(aead.name() + " refused its own packet");
        }
      }
    }
  }

  /** Octets this thread has allocated on the heap so far. */
  private static long allocatedBytes() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
