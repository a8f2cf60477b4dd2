// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.AeadEngines;
import java.lang.foreign.MemorySegment;
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
      Endless traffic = new Endless(ready);
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

  /** One long super-packet after another, while not too many packets are under way. */
  private static final class Endless implements PacketSource, PacketSink {
    private static final int SEGMENTS = 44;
    private static final int WINDOW = 40 * SEGMENTS;

    private final EventFd ready;
    private final MemorySegment read = SyntheticRead.tcp(false, 1, Ip.TCP_ACK, 1368, SEGMENTS);
    private long given;
    volatile boolean open;
    volatile long taken;

    Endless(EventFd ready) {
      this.ready = ready;
    }

    @Override
    public int fd() {
      return ready.fd();
    }

    @Override
    public boolean vnetHeader() {
      return true;
    }

    @Override
    public boolean tso() {
      return true;
    }

    @Override
    public boolean uso() {
      return true;
    }

    @Override
    public int read(MemorySegment memory, long offset, int length) {
      if (!open || given - taken > WINDOW) {
        return 0;
      }
      given += SEGMENTS;
      MemorySegment.copy(read, 0, memory, offset, read.byteSize());
      return (int) read.byteSize();
    }

    @Override
    public int write(MemorySegment memory, long offset, int length) {
      taken(1);
      return length;
    }

    @Override
    public int writev(MemorySegment iovecs, long offset, int count) {
      taken(count);
      return count;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
    private void taken(int packets) {
      taken += packets;
    }
  }
}
