// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.benchmarks;

import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.AeadEngines;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;

/**
 * Looks for secrets in the time that an engine takes, in the manner of dudect (Reparaz, Balasch,
 * Verbauwhede, 2017): two classes of input that differ in a secret only, in random order, and
 * Welch's t of their times. Beyond 4.5 the classes can be told apart; below, this run saw nothing,
 * which is no proof. Run by hand on a quiet machine:
 *
 * <pre>{@code
 * java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
 *   -cp dataplane/benchmarks/target/gatehouse-benchmarks.jar io.gatehouse.benchmarks.TimingReport vector
 * }</pre>
 *
 * <p>Read several runs: a neighbour of the processor now and then makes a large t of its own, which
 * changes its sign from run to run; a leak keeps it.
 */
public final class TimingReport {
  private static final int SAMPLES = 60_000;

  /** Calls in one sample, for the clock's sake. */
  private static final int CALLS = 8;

  private static final int LENGTH = 256;

  private final MemorySegment keys = Arena.global().allocate(2 * Aead.KEY_LENGTH);
  private final MemorySegment packets = Arena.global().allocate(2L * 512, 64);
  private final MemorySegment packet = Arena.global().allocate(512, 64);
  private final Aead aead;

  private TimingReport(Aead aead) {
    this.aead = aead;
  }

  /** Takes the name of an engine, as the setting {@code gatehouse.aead.engine} does. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) {
    AeadEngines.Choice choice = AeadEngines.choose(arguments.length == 0 ? "vector" : arguments[0]);
    choice.settle(() -> {});
    TimingReport report = new TimingReport(choice.create());
    System.out.println(choice.name() + ", " + LENGTH + " octets, t of two classes:");
    System.out.printf("  sealing: key of zeros, random key        %6.1f%n", report.keys());
    System.out.printf("  sealing: text of zeros, random text      %6.1f%n", report.texts());
    System.out.printf("  opening: tag wrong at first, last octet  %6.1f%n", report.tags());
  }

  private double keys() {
    fill(0, false);
    fill(1, false);
    random(keys.asSlice(Aead.KEY_LENGTH, Aead.KEY_LENGTH));
    return t(true);
  }

  private double texts() {
    fill(0, true);
    fill(1, true);
    random(packets.asSlice(512, LENGTH));
    return t(true);
  }

  private double tags() {
    for (int each = 0; each < 2; each++) {
      fill(each, true);
      MemorySegment sealed = packets.asSlice(512L * each, 512);
      aead.seal(keys.asSlice(0, Aead.KEY_LENGTH), 1, sealed, 0, LENGTH);
      long at = each == 0 ? LENGTH : LENGTH + Aead.TAG_LENGTH - 1;
      sealed.set(ValueLayout.JAVA_BYTE, at, (byte) ~sealed.get(ValueLayout.JAVA_BYTE, at));
    }
    return t(false);
  }

  private void fill(int which, boolean sameRandomKey) {
    MemorySegment key =
        keys.asSlice((long) Aead.KEY_LENGTH * which, Aead.KEY_LENGTH).fill((byte) 0);
    packets.asSlice(512L * which, 512).fill((byte) 0);
    if (sameRandomKey) {
      random(key);
    }
  }

  private static void random(MemorySegment segment) {
    byte[] octets = new byte[Math.toIntExact(segment.byteSize())];
    new Random(7).nextBytes(octets);
    segment.copyFrom(MemorySegment.ofArray(octets));
  }

  private double t(boolean seal) {
    Random order = new Random();
    double[][] times = new double[2][SAMPLES];
    int[] count = new int[2];
    while (count[0] < SAMPLES && count[1] < SAMPLES) {
      int which = order.nextInt(2);
      times[which][count[which]++] = time(which, seal);
    }
    return welch(usual(times[0], count[0]), usual(times[1], count[1]));
  }

  private long time(int which, boolean seal) {
    MemorySegment key = keys.asSlice((long) Aead.KEY_LENGTH * which, Aead.KEY_LENGTH);
    packet.copyFrom(packets.asSlice(512L * which, 512));
    long start = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      if (seal) {
        aead.seal(key, i, packet, 0, LENGTH);
      } else if (aead.open(key, 1, packet, 0, LENGTH + Aead.TAG_LENGTH)) {
        throw new IllegalStateException("took a wrong tag");
      }
    }
    return System.nanoTime() - start;
  }

  /** Without the first tenth, which warmed up, and the slowest tenth, which was interrupted. */
  private static double[] usual(double[] times, int count) {
    double[] warm = Arrays.copyOfRange(times, count / 10, count);
    Arrays.sort(warm);
    return Arrays.copyOf(warm, warm.length * 9 / 10);
  }

  private static double welch(double[] a, double[] b) {
    double meanA = DoubleStream.of(a).average().orElseThrow();
    double meanB = DoubleStream.of(b).average().orElseThrow();
    double varianceA = DoubleStream.of(a).map(x -> (x - meanA) * (x - meanA)).sum() / a.length;
    double varianceB = DoubleStream.of(b).map(x -> (x - meanB) * (x - meanB)).sum() / b.length;
    return (meanA - meanB) / Math.sqrt(varianceA / a.length + varianceB / b.length);
  }
}
