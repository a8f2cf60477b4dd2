// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packet path allocates nothing: at every width C2 keeps the vectors in registers. One vector
 * on the heap per packet would be 32 octets or more; a method too large for C2 makes thousands.
 *
 * <p>Each width has a process of its own, as it has in service: the compiler learns from the vector
 * classes it sees, and three widths in one process would teach it that nothing is constant.
 */
class AllocationTest {
  private static final int PACKETS = 100_000;

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void aWarmVectorEngineAllocatesNothing(int bits) throws Exception {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-D" + VectorWidth.BITS_PROPERTY + "=" + bits,
                "-cp",
                System.getProperty("java.class.path"),
                Measurement.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(output).isZero();
    assertThat(output).contains("vector-" + bits + " warm true");
    String octets = output.substring(output.indexOf("octets ") + 7).strip();
    assertThat(Long.parseLong(octets))
        .as("octets for %d packets", PACKETS)
        .isLessThanOrEqualTo(PACKETS / 100);
  }

  /** Main class of the measuring process. */
  static final class Measurement {
    private static final int[] LENGTHS = {32, 64, 128, 576, 1420, 1440};

    private Measurement() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
      AeadEngines.Choice choice = AeadEngines.choose(AeadEngines.VECTOR);
      boolean warm = AeadEngines.warmUp(choice, () -> {});
      System.out.println(choice.name() + " warm " + warm);
      Aead aead = choice.create();
      ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
      // The compiler may change its mind once or twice more; what counts is that it comes to rest.
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 5 && least > PACKETS / 100; attempt++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        run(aead);
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      System.out.println("octets " + least);
    }

    private static void run(Aead aead) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment key = KnownAnswers.key(arena);
        MemorySegment packet = arena.allocate(2048);
        MemorySegment elsewhere = arena.allocate(2048);
        TextPart part = new TextPart();
        for (int i = 0; i < PACKETS; i++) {
          int length = LENGTHS[i % LENGTHS.length];
          if (i % 2 == 0) {
            aead.seal(key, i, packet, 3, length);
          } else {
            part.take(elsewhere, 1, packet, 3, length / 3, length);
            aead.seal(key, i, packet, 3, length, part);
          }
          if (!aead.open(key, i, packet, 3, length + Aead.TAG_LENGTH)) {
            throw new IllegalStateException("refused its own packet");
          }
        }
      }
    }
  }
}
