// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.AeadEngines;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** A packet that comes after a pause leaves at once; packets in a hurry leave together. */
class LonePacketTest {
  private static final PacketThreads.Sharing NEVER =
      new PacketThreads.Sharing(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  /** Much more than it takes. */
  private static final long PATIENCE = 120_000_000_000L;

  @Test
  void theFirstOfTwoLeavesBeforeTheSecondIsRead() throws Exception {
    oneHasLeftWhenReading(2, 1);
  }

  @Test
  void theOthersOfManyLeaveTogether() throws Exception {
    oneHasLeftWhenReading(8, 6);
  }

  /**
   * So many packets come at once after a pause, again and again, until just one of them has left
   * before a certain read: one that was disturbed meanwhile says nothing.
   */
  private static void oneHasLeftWhenReading(int packets, int read) throws Exception {
    AeadEngines.Choice choice = AeadEngines.choose("auto");
    try (Workers none = new Workers(0, choice::create);
        EventFd ready = EventFd.open()) {
      Packets source = new Packets(ready);
      try (HelpedPath path =
          new HelpedPath(
              source,
              new SuperPackets.Recorder(),
              UdpSocket.Options.DEFAULT,
              choice::create,
              none,
              NEVER)) {
        source.sent = path.transmit.sent::datagrams;
        long deadline = System.nanoTime() + PATIENCE;
        long left;
        do {
          left = source.give(packets, read);
          assertThat(System.nanoTime() - deadline).as("%d have left", left).isNegative();
        } while (left != 1);
      }
    }
  }

  /** The same small packet, as often as it is wanted. */
  private static final class Packets implements PacketSource {
    private final byte[] packet =
        SuperPackets.packet(new Random(1), false, 17, 4000, 0, 0, new byte[56]);
    private final EventFd ready;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Queue<Long> sentBefore = new ConcurrentLinkedQueue<>();
    private volatile LongSupplier sent = () -> 0;

    Packets(EventFd ready) {
      this.ready = ready;
    }

    /** So many after a pause; how many had left before one of the reads. */
    long give(int packets, int read) {
      LockSupport.parkNanos(2_000_000);
      sentBefore.clear();
      long before = sent.getAsLong();
      waiting.set(packets);
      ready.signal();
      long deadline = System.nanoTime() + PATIENCE;
      while (sent.getAsLong() < before + packets) {
        assertThat(System.nanoTime() - deadline).as("not all have left").isNegative();
        LockSupport.parkNanos(20_000);
      }
      return sentBefore.stream().skip(read).findFirst().orElseThrow() - before;
    }

    @Override
    public int fd() {
      return ready.fd();
    }

    @Override
    public boolean vnetHeader() {
      return false;
    }

    @Override
    public int read(MemorySegment memory, long offset, int length) {
      if (waiting.get() == 0) {
        ready.drain();
        return 0;
      }
      sentBefore.add(sent.getAsLong());
      waiting.decrementAndGet();
      MemorySegment.copy(MemorySegment.ofArray(packet), 0, memory, offset, packet.length);
      return packet.length;
    }
  }
}
