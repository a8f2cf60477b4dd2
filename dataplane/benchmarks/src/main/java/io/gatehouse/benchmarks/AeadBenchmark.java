// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.benchmarks;

import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.AeadEngines;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One packet through one engine. Each engine and each vector width is a class of its own, because
 * each needs a process of its own: the compiler would learn of the others otherwise.
 *
 * <p>Packets follow each other in a buffer as long as a run of the packet path, so neither code nor
 * data is hotter than it is there.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public abstract class AeadBenchmark {
  static final String VECTORS = "--add-modules=jdk.incubator.vector";
  static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

  /** Packets in the buffer, a power of two. */
  private static final int PACKETS = 32;

  private static final int HEADER = 16;
  private static final long LONGEST = 1536;

  /** Octets of plaintext. */
  @Param({"64", "576", "1420"})
  public int length;

  private final MemorySegment key = Arena.ofAuto().allocate(Aead.KEY_LENGTH);
  private final MemorySegment packets = Arena.ofAuto().allocate(PACKETS * LONGEST, 64);
  private final MemorySegment sealed = Arena.ofAuto().allocate(PACKETS * LONGEST, 64);
  private final Aead aead;
  private long counter;

  AeadBenchmark(String engine) {
    AeadEngines.Choice choice = AeadEngines.choose(engine);
    if (!choice.rejected().isEmpty()) {
      throw new IllegalStateException(choice.rejected().toString());
    }
    aead = choice.create();
    for (int i = 0; i < Aead.KEY_LENGTH; i++) {
      key.set(ValueLayout.JAVA_BYTE, i, (byte) (5 * i + 1));
    }
  }

  /** Makes what is to be opened. */
  @Setup
  public void prepare() {
    for (int i = 0; i < PACKETS; i++) {
      aead.seal(key, i, packets, at(i), length);
    }
    sealed.copyFrom(packets);
  }

  /** Where the next packet's text is: as on the wire, a header apart. */
  private long at(long packet) {
    return (packet & (PACKETS - 1)) * (length + HEADER + Aead.TAG_LENGTH) + HEADER;
  }

  /** Encrypts and makes the tag. */
  @Benchmark
  public void seal() {
    long next = counter++;
    aead.seal(key, next, packets, at(next), length);
  }

  /** Checks the tag and decrypts, after a copy: what was opened once cannot be opened again. */
  @Benchmark
  public boolean open() {
    long next = counter++ & (PACKETS - 1);
    long at = at(next);
    MemorySegment.copy(sealed, at, packets, at, length + Aead.TAG_LENGTH);
    if (!aead.open(key, next, packets, at, length + Aead.TAG_LENGTH)) {
      throw new IllegalStateException("refused its own packet");
    }
    return true;
  }

  /** Our engine as a machine with 128-bit vectors runs it. */
  @Fork(jvmArgsAppend = {VECTORS, NATIVE, "-Dgatehouse.aead.vector.bits=128"})
  public static class Vector128 extends AeadBenchmark {
    public Vector128() {
      super(AeadEngines.VECTOR);
    }
  }

  /** Our engine as a machine with 256-bit vectors runs it. */
  @Fork(jvmArgsAppend = {VECTORS, NATIVE, "-Dgatehouse.aead.vector.bits=256"})
  public static class Vector256 extends AeadBenchmark {
    public Vector256() {
      super(AeadEngines.VECTOR);
    }
  }

  /** Our engine as a machine with 512-bit vectors runs it. */
  @Fork(jvmArgsAppend = {VECTORS, NATIVE, "-Dgatehouse.aead.vector.bits=512"})
  public static class Vector512 extends AeadBenchmark {
    public Vector512() {
      super(AeadEngines.VECTOR);
    }
  }

  /** OpenSSL's; fails where OpenSSL 3 is not installed. */
  @Fork(jvmArgsAppend = {VECTORS, NATIVE})
  public static class Libcrypto extends AeadBenchmark {
    public Libcrypto() {
      super(AeadEngines.LIBCRYPTO);
    }
  }

  /** The reference and fallback. */
  public static class BouncyCastle extends AeadBenchmark {
    public BouncyCastle() {
      super(AeadEngines.BOUNCY_CASTLE);
    }
  }
}
