// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.AeadEngines;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The packet path allocates nothing when workers help, either. */
class HelpedAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aPacketThatWorkersHelpWithCostsNoHeapOnceThePathIsWarm() throws Exception {
    AeadEngines.Choice choice = AeadEngines.choose("auto");
    AeadEngines.warmUp(choice, () -> {});
    double best = Double.MAX_VALUE;
    try (Workers workers = new Workers(2, choice::create);
        EventFd ready = EventFd.open()) {
      ready.signal();
      EndlessFlow traffic = new EndlessFlow(ready);
      try (HelpedPath path =
          new HelpedPath(
              traffic,
              traffic,
              UdpSocket.Options.DEFAULT,
              choice::create,
              workers,
              PacketThreads.Sharing.USUAL)) {
        traffic.open = true;
        // The first rounds are the compiler's, whose interpreted vectors are heap objects.
        for (int round = 0; round < 20 && best >= 1; round++) {
          long packets = traffic.taken;
          long before = THREADS.getTotalThreadAllocatedBytes();
          while (traffic.taken - packets < 100_000) {
            LockSupport.parkNanos(10_000_000);
          }
          long bytes = THREADS.getTotalThreadAllocatedBytes() - before;
          best = Math.min(best, (double) bytes / (traffic.taken - packets));
        }
        assertThat(path.transmit.wasHelped()).isTrue();
        assertThat(path.receive.drops.total()).isZero();
      }
    }

    // Less than one octet a packet is none: an object has at least eight.
    assertThat(best).isLessThan(1);
  }
}
