// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.AeadEngines;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What DESIGN promises of the packet path: it allocates nothing. */
class PacketPathAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aPacketCostsNoHeapOnceThePathIsWarm() throws Exception {
    AeadEngines.Choice choice = AeadEngines.choose("auto");
    choice.settle(() -> {});
    TunnelOptions options = new TunnelOptions(UdpSocket.Options.DEFAULT, choice::create);
    double best = Double.MAX_VALUE;

    // The first rounds are the compiler's, whose interpreted vectors are heap objects. On a busy
    // machine few packets share what the measurement itself takes, and it needs more rounds.
    for (int round = 0; round < 24 && best >= 1; round++) {
      long setUp = allocatedBy(options, Duration.ZERO)[0];
      long[] run = allocatedBy(options, Duration.ofMillis(1500));
      best = Math.min(best, (double) Math.max(0, run[0] - setUp) / Math.max(1, run[1]));
    }

    // Less than one octet a packet is none: an object has at least eight. What remains is the
    // waiting thread's and the measurement's own.
    assertThat(best).isLessThan(1);
  }

  /** Heap octets of all threads, and packets that went all the way. */
  private static long[] allocatedBy(TunnelOptions options, Duration atMost) throws Exception {
    long before = THREADS.getTotalThreadAllocatedBytes();
    long packets = Rehearsal.run(options, atMost, () -> {});
    return new long[] {THREADS.getTotalThreadAllocatedBytes() - before, packets};
  }
}
