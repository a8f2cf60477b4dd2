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

/**
 * Chooses the engine that carries packets. Each must give every known answer first. Where two are
 * left, {@link Choice#settle} lets them race.
 */
public final class AeadEngines {
  /** The fastest engine that works; what a setting says when nobody set it. */
  public static final String AUTO = "auto";

  /** {@link VectorAead} or, where it does not work, the fallback. */
  public static final String VECTOR = "vector";

  /** {@link LibcryptoAead} or, where it does not work, the next best. */
  public static final String LIBCRYPTO = "libcrypto";

  /** {@link BouncyCastleAead}. */
  public static final String BOUNCY_CASTLE = "bouncycastle";

  /** Rounds after which {@link #warmUp} may look whether the engine is compiled, and gives up. */
  private static final int WARM_UP_LOOK = 1_000;

  private static final int WARM_UP_END = 40_000;

  /** Payloads of small, middle and full packets, on both sides of each engine's short cuts. */
  private static final int[] WARM_UP_LENGTHS = {0, 32, 64, 128, 176, 256, 576, 1420, 1440};

  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  /**
   * The outcome of a choice, for all threads. Where OpenSSL is installed and the setting leaves it
   * open, its engine serves first, because it needs no compiler; {@link #settle} looks later
   * whether ours is faster.
   */
  public static final class Choice {
    private final boolean open;
    private final List<Rejection> rejected;
    private volatile Supplier<Aead> engine;
    private volatile String name;

    private Choice(Supplier<Aead> engine, String name, boolean open, List<Rejection> rejected) {
      this.engine = engine;
      this.name = name;
      this.open = open;
      this.rejected = List.copyOf(rejected);
    }

    /** Short name of the engine that serves now, as {@link Aead#name()} says it. */
    public String name() {
      return name;
    }

    /** The engines tried before and not taken, best first; worth a line in the log each. */
    public List<Rejection> rejected() {
      return rejected;
    }

    /**
     * Makes an engine for the calling thread. When the choice is settled otherwise later, it turns
     * into the winner with the next packet.
     */
    public Aead create() {
      return open ? new ReplaceableAead(() -> engine) : engine.get();
    }

    /**
     * Gets the engine compiled, races our own against OpenSSL's for {@value AeadRace#MILLISECONDS}
     * ms where both work, and lets the winner serve. Takes some seconds of a cold core; other
     * threads carry packets meanwhile. Once per process.
     *
     * @param between called again and again on the way, and may wait
     * @return one sentence for the log on what serves and why
     */
    public String settle(Runnable between) {
      if (!open) {
        warmUp(this, between);
        return "Packets are encrypted by " + name + ".";
      }
      Optional<String> fault = fault(VectorAead::new);
      if (fault.isPresent()) {
        return "Packets are encrypted by " + name + "; vector " + fault.get() + ".";
      }
      Aead vector = new VectorAead();
      warmUp(vector, between);
      Aead other = engine.get();
      warmUp(other, between);
      AeadRace race = AeadRace.run(vector, other);
      if (race.firstWins()) {
        name = vector.name();
        engine = VectorAead::new;
      }
      return "Packets are encrypted by " + name + ": " + race + ".";
    }
  }

  /**
   * An engine that may not carry packets.
   *
   * @param engine its name as a setting spells it
   * @param reason why not, in words for an administrator
   */
  public record Rejection(String engine, String reason) {}

  private record Candidate(String engine, Supplier<Aead> factory) {
    // Not method references: these load and verify their classes when they are made, and Bouncy
    // Castle's archive, whose signature takes a quarter of a second to check, is seldom needed.
    static final Candidate OURS = new Candidate(VECTOR, () -> new VectorAead());
    static final Candidate OPENSSL =
        new Candidate(AeadEngines.LIBCRYPTO, () -> new LibcryptoAead());
    static final Candidate FALLBACK = new Candidate(BOUNCY_CASTLE, () -> new BouncyCastleAead());
  }

  private AeadEngines() {}

  /**
   * Tries the engines a setting allows with known answers, best first. Ours is still interpreted
   * then and takes about a second on a cold core; OpenSSL's takes no time.
   *
   * @param preference {@value #AUTO}, {@value #VECTOR}, {@value #LIBCRYPTO} or {@value
   *     #BOUNCY_CASTLE}
   * @throws IllegalArgumentException when the preference is none of them
   * @throws IllegalStateException when no engine works, the fallback included
   */
  public static Choice choose(String preference) {
    return switch (preference) {
      case AUTO ->
          LibcryptoAead.isThere()
              ? choose(true, Candidate.OPENSSL, Candidate.OURS, Candidate.FALLBACK)
              : choose(false, Candidate.OURS, Candidate.FALLBACK);
      case VECTOR -> choose(false, Candidate.OURS, Candidate.FALLBACK);
      case LIBCRYPTO -> choose(false, Candidate.OPENSSL, Candidate.OURS, Candidate.FALLBACK);
      case BOUNCY_CASTLE -> choose(false, Candidate.FALLBACK);
      default ->
          throw new IllegalArgumentException(
              "unknown AEAD engine \""
                  + preference
                  + "\": use auto, vector, libcrypto or bouncycastle");
    };
  }

  private static Choice choose(boolean open, Candidate... candidates) {
    List<Rejection> rejected = new ArrayList<>();
    for (Candidate candidate : candidates) {
      Optional<String> fault = fault(candidate.factory);
      if (fault.isEmpty()) {
        return new Choice(
            candidate.factory,
            candidate.factory.get().name(),
            open && candidate.equals(Candidate.OPENSSL),
            rejected);
      }
      rejected.add(new Rejection(candidate.engine, fault.get()));
    }
    throw new IllegalStateException("no ChaCha20-Poly1305 engine works here: " + rejected);
  }

  /** Why an engine may not carry packets, if so. */
  private static Optional<String> fault(Supplier<Aead> factory) {
    try {
      return KnownAnswers.firstFault(factory.get());
    } catch (LinkageError e) {
      return Optional.of(
          "cannot be loaded (" + e + "); start Java with --add-modules jdk.incubator.vector");
    } catch (RuntimeException e) {
      return Optional.of("failed: " + e.getMessage());
    }
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
   * @param between called again and again on the way, and may wait
   * @return whether packets are now free of allocation; never so for the fallback
   */
  public static boolean warmUp(Choice choice, Runnable between) {
    if (choice.name().equals(BOUNCY_CASTLE)) {
      return false;
    }
    return warmUp(choice.create(), between);
  }

  static boolean warmUp(Aead aead, Runnable between) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = KnownAnswers.key(arena);
      MemorySegment packet = arena.allocate(2048);
      int quiet = 0;
      for (int round = 0; round < WARM_UP_END && quiet < 3; round += WARM_UP_LOOK) {
        between.run();
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
