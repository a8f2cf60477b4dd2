// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.AeadEngines;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What DESIGN promises of the packet path: it allocates nothing. In a process of its own that is
 * started as the data plane is: what the compiler keeps off the heap is up to those words, too.
 */
class PacketPathAllocationTest {
  private static final double LIMIT = 0.25;

  @Test
  void aPacketCostsNoHeapOnceThePathIsWarm() throws Exception {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("..", "..", "etc", "dataplane.jvm"),
                "-cp",
                System.getProperty("java.class.path"),
                Measurement.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(output).isZero();

    // The smallest object for each call that receives would be half an octet a packet. What remains
    // is the threads' start and a few calls of the control thread.
    assertThat(Double.parseDouble(output.substring(output.indexOf("least ") + 6)))
        .as(output)
        .isLessThan(LIMIT);
  }

  /** Main class of the measuring process. */
  static final class Measurement {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 12;

    /** A round is over sooner, at 300,000 packets; on a busy machine it takes its time. */
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    private Measurement() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
      AeadEngines.Choice choice = AeadEngines.choose("auto");
      choice.settle(() -> {});
      TunnelOptions options = new TunnelOptions(UdpSocket.Options.DEFAULT, choice::create);
      double least = Double.MAX_VALUE;
      // The first rounds are the compiler's, whose interpreted vectors are heap objects.
      for (int round = 0; round < ROUNDS && least >= LIMIT; round++) {
        double octets = octetsPerPacket(options);
        System.out.println("round " + octets);
        least = Math.min(least, octets);
      }
      System.out.println("least " + least);
    }

    /**
     * Of all threads but this one, which makes the traffic and stands in for the control thread.
     */
    private static double octetsPerPacket(TunnelOptions options) throws Exception {
      long before = THREADS.getTotalThreadAllocatedBytes();
      long own = THREADS.getCurrentThreadAllocatedBytes();
      long packets = Rehearsal.run(options, AT_MOST, () -> {});
      own = THREADS.getCurrentThreadAllocatedBytes() - own;
      return (double) (THREADS.getTotalThreadAllocatedBytes() - before - own)
          / Math.max(1, packets);
    }
  }
}
