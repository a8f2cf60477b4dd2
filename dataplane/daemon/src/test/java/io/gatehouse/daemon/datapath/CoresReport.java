// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.aead.Aead;
import io.gatehouse.protocol.aead.AeadEngines;
import io.gatehouse.protocol.aead.VectorWidth;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints how the rate of one flow on its way out grows with processors: the real transmit direction
 * from super-packets to datagrams over loopback, with more and more workers. Nobody reads the
 * datagrams, so nothing but that direction needs a processor. Beside it the cipher alone on as many
 * threads, which shows how much of another processor there is to be had at all. Run it on a machine
 * that has nothing else to do:
 *
 * <pre>{@code
 * java @etc/dataplane.jvm -cp "dataplane/daemon/target/test-classes:$(echo dataplane/daemon/target/gatehouse-daemon-*.jar)" \
 *   io.gatehouse.daemon.datapath.CoresReport
 * }</pre>
 */
public final class CoresReport {
  private static final long SECOND = 1_000_000_000;
  private static final long WARM = 8 * SECOND;
  private static final int ROUNDS = 7;
  private static final int SEGMENTS = 44;
  private static final int MSS = 1368;

  /** Of the packets that {@link Flow} makes, padded. */
  private static final int TEXT = 1408;

  private CoresReport() {}

  /**
   * Prints medians of rounds by turns.
   *
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    VectorWidth.takeWidest();
    AeadEngines.Choice choice = AeadEngines.choose("vector");
    AeadEngines.warmUp(choice, () -> {});
    InternetChecksum.warmUp(() -> {});
    int processors = Runtime.getRuntime().availableProcessors();
    System.out.println(processors + " processors, medians of " + ROUNDS + " rounds by turns");
    for (int threads = 1; threads <= processors; threads++) {
      double[] rates = new double[ROUNDS];
      cipher(choice, threads, 2 * SECOND);
      for (int round = 0; round < ROUNDS; round++) {
        rates[round] = cipher(choice, threads, SECOND / 2);
      }
      System.out.printf("cipher alone, threads %d: %,.0f packets/s%n", threads, median(rates));
    }
    List<Out> ways = new ArrayList<>();
    try {
      for (int workers = 0; workers < processors; workers++) {
        Out out = new Out(choice, workers);
        ways.add(out);
        out.run(WARM);
      }
      double[][] rates = new double[ways.size()][ROUNDS];
      double[][] costs = new double[ways.size()][ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < ways.size(); i++) {
          long cpu = cpu();
          long begun = System.nanoTime();
          long packets = ways.get(i).run(SECOND);
          rates[i][round] = packets * 1e9 / (System.nanoTime() - begun);
          costs[i][round] = (double) (cpu() - cpu) / packets;
        }
      }
      for (int i = 0; i < ways.size(); i++) {
        System.out.printf(
            "one flow out, workers %d: %,.0f packets/s, %,.0f ns of processor time for each%n",
            i, median(rates[i]), median(costs[i]));
      }
    } finally {
      for (Out way : ways) {
        way.close();
      }
    }
  }

  private static long cpu() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return ((com.sun.management.OperatingSystemMXBean) system).getProcessCpuTime();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Packets sealed a second by so many threads at the same time. */
  private static double cipher(AeadEngines.Choice choice, int threads, long nanos)
      throws Exception {
    LongAdder sealed = new LongAdder();
    List<Thread> all = new ArrayList<>();
    long end = System.nanoTime() + nanos;
    for (int i = 0; i < threads; i++) {
      all.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    Aead aead = choice.create();
                    MemorySegment key = Arena.ofAuto().allocate(Aead.KEY_LENGTH, 64);
                    MemorySegment packet = Arena.ofAuto().allocate(2048, 64);
                    long counter = 0;
                    while (System.nanoTime() < end) {
                      for (int n = 0; n < SEGMENTS; n++) {
                        aead.seal(key, counter++, packet, 0, TEXT);
                      }
                      sealed.add(SEGMENTS);
                    }
                  }));
    }
    for (Thread thread : all) {
      thread.join();
    }
    return sealed.sum() * 1e9 / nanos;
  }

  /** One super-packet after another as fast as they are taken, while it is open. */
  private static final class Flow implements PacketSource {
    private final EventFd ready;
    private final MemorySegment read = SyntheticRead.tcp(false, 1, Ip.TCP_ACK, MSS, SEGMENTS);
    private volatile boolean open;

    Flow(EventFd ready) {
      this.ready = ready;
    }

    void open() {
      open = true;
      ready.signal();
    }

    void close() {
      open = false;
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
    public int read(MemorySegment memory, long offset, int length) {
      if (!open) {
        ready.drain();
        if (!open) { // it may have been opened meanwhile, and its signal be drained
          return 0;
        }
      }
      MemorySegment.copy(read, 0, memory, offset, read.byteSize());
      return (int) read.byteSize();
    }
  }

  /** The transmit direction of a path whose other end does not listen. */
  private static final class Out implements AutoCloseable {
    private final EventFd ready = EventFd.open();
    private final Flow flow = new Flow(ready);
    private final Workers workers;
    private final HelpedPath path;

    Out(AeadEngines.Choice choice, int workers) throws Exception {
      this.workers = new Workers(workers, choice::create);
      path =
          new HelpedPath(
              flow,
              new SuperPackets.Recorder(),
              UdpSocket.Options.DEFAULT,
              choice::create,
              this.workers,
              PacketThreads.Sharing.USUAL);
      path.receive.socket(null);
    }

    /** Packets that left in so many nanoseconds. */
    long run(long nanos) {
      long before = path.transmit.packets.get();
      flow.open();
      LockSupport.parkNanos(nanos);
      flow.close();
      return path.transmit.packets.get() - before;
    }

    @Override
    public void close() {
      path.close();
      workers.close();
      ready.close();
    }
  }
}
